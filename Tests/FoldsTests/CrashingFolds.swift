import Folds
import Rollup
import Storage
import Testing
import TestSupport
import TimeSeries

/// A fold with its store, which is stopped between any two steps and goes on from what is on the disk.
struct CrashingFolds {
    let log: RandomLog
    private let limits: RandomLimits
    private let folder: ScratchFolder
    private var random: SplitMix64
    private var home: ScratchFolder
    private var store: DerivedStore
    private var fold: Fold
    /// The line that is folded next.
    private var next = 0
    /// Taken out of the fold, and maybe not stored yet.
    private var frozen = FoldPosition()
    private var unstored: Flush?
    /// What stands in the database and no longer in its WAL cannot be lost.
    private let cutsWAL: Bool

    init(seed: UInt64, _ log: RandomLog, _ limits: RandomLimits, _ folder: ScratchFolder) throws {
        (self.log, self.limits, self.folder) = (log, limits, folder)
        random = SplitMix64(seed: ~seed)
        home = try folder.inner()
        store = try DerivedStore(path: home.storePath, limits: limits.store)
        fold = Fold(limits: limits.fold, hashSeed: random.next())
        cutsWAL = random.isOnce(in: 2)
    }

    /// Folds the whole log and stores all of it.
    mutating func run() async throws -> DerivedStore {
        while next < log.count { try await step() }
        try await commit()
        freeze()
        try await commit()
        #expect(fold.buckets.isEmpty)
        return store
    }

    private mutating func step() async throws {
        switch random.next() % 20 {
        case 0: try await crash()
        case 1...5: freeze()
        case 6...10: try await commit()
        case 11: try await moveRows()
        default: addLines(Int.random(in: 1...30, using: &random))
        }
    }

    private mutating func addLines(_ count: Int) {
        let end = min(log.count, next + count)
        while next < end {
            let line = Array(log[next].utf8)
            fold.add(line.span)
            next += 1
        }
    }

    private mutating func freeze() {
        guard unstored == nil, fold.hasChanges(since: frozen) else { return }
        let changes = fold.takeChanges()
        frozen = changes.position
        unstored = Flush(changes)
        #expect(fold.buckets.isEmpty)
    }

    private mutating func commit() async throws {
        guard let flush = unstored else { return }
        _ = try await store.writer.commit(flush)
        unstored = nil
    }

    /// Work of the store's own, which no number depends on.
    private mutating func moveRows() async throws {
        if cutsWAL { return try await store.writer.settle() }
        _ = try await store.tidy()
    }
}

// MARK: Crashing

extension CrashingFolds {
    /// As after `kill -9`, or after a power failure that cost the end of the WAL.
    private mutating func crash() async throws {
        let home = try folder.inner()
        for name in try self.home.names where !name.hasSuffix("-shm") {
            var bytes = try self.home.bytes(of: name)
            if cutsWAL, name.hasSuffix("-wal"), random.isOnce(in: 2) {
                bytes.removeLast(Int.random(in: 0...bytes.count / 2, using: &random))
            }
            try home.write(bytes, to: name)
        }
        try store.close()
        self.home = home
        store = try DerivedStore(path: home.storePath, limits: limits.store)
        try await restore()
    }

    /// Goes on from what is stored. The log is read from some line before it on.
    private mutating func restore() async throws {
        let state = FoldState(try await store.reader.restore())
        fold = try Fold(limits: limits.fold, hashSeed: random.next(), restoring: state)
        (frozen, unstored) = (state.position, nil)
        let folded = (0..<log.count).prefix { log.id($0) <= state.position.lastID }.count
        next = max(0, folded - Int.random(in: 0...40, using: &random))
    }
}
