internal import EventLog
internal import Folds
internal import Storage
public import TimeSeries

/// A store that has not counted lines which retention has removed since: another folder's, or an old copy.
public struct OutdatedStore: Error, Sendable, CustomStringConvertible {
    public let lastID: EventID
    public let removedThrough: EventID

    public var description: String {
        "\(DerivedStore.fileName) counts up to id \(lastID), but lines up to \(removedThrough) are removed"
    }
}

/// The store of a data folder with what it holds of the folds.
///
/// Where that cannot be gone on from, it is removed: the log has it all, and the engine folds it again, from
/// the base on where retention has taken lines out.
struct OpenedStore {
    let store: DerivedStore
    let fold: RestoredFold
    let rebuildReason: String?

    init(folder: String, _ log: EventLog, _ limits: Engine.Limits) async throws {
        let files = StoreFiles(folder: folder)
        let path = files.path
        let isMissing = !files.exists && log.lastID > .none
        try files.removeFresh()
        do {
            if isMissing { try await Self.copyBase(of: folder, to: files, limits) }
            (store, fold) = try await Self.open(path, log, limits)
            rebuildReason = isMissing ? "it is missing" : nil
        } catch let unusable as Unusable {
            try DerivedStore.remove(at: path)
            (store, fold) = try await Self.openAnew(folder, log, limits)
            rebuildReason = unusable.reason
        }
        do {
            try await check(folder, log, limits)
        } catch {
            try? store.close()
            throw error
        }
    }

    /// A store of long ago must not go on as if the lines since then had never been.
    private func check(_ folder: String, _ log: EventLog, _ limits: Engine.Limits) async throws {
        let last = fold.fold.position.lastID
        let removed = try await LogBase.lastID(of: folder, limits.store)
        guard last < removed, let first = log.snapshot().partitions.first?.name.firstID,
            first > last.advanced(by: 1)
        else { return }
        throw OutdatedStore(lastID: last, removedThrough: removed)
    }

    /// A base that is of no use either leaves what can be counted without it.
    private static func openAnew(
        _ folder: String, _ log: EventLog, _ limits: Engine.Limits
    ) async throws -> (DerivedStore, RestoredFold) {
        let files = StoreFiles(folder: folder)
        do {
            try await copyBase(of: folder, to: files, limits)
            return try await open(files.path, log, limits)
        } catch is Unusable {
            try DerivedStore.remove(at: files.path)
            return (
                try DerivedStore(path: files.path, limits: limits.store), .empty(limits.fold)
            )
        }
    }

    /// Under its name it is found whole, or not at all.
    private static func copyBase(
        of folder: String, to files: StoreFiles, _ limits: Engine.Limits
    ) async throws {
        if try await LogBase.copy(of: folder, to: files.freshPath, limits.store) {
            try files.swap()
        }
    }

    private struct Unusable: Error {
        let reason: String
    }

    private static func open(
        _ path: String, _ log: EventLog, _ limits: Engine.Limits
    ) async throws -> (DerivedStore, RestoredFold) {
        do {
            let store = try DerivedStore(path: path, limits: limits.store)
            do {
                let stored = try await store.reader.restore()
                let fold = try RestoredFold.restored(
                    stored, logID: log.logID, lastID: log.lastID, limits.fold)
                return (store, fold)
            } catch {
                try? store.close()
                throw error
            }
        } catch let error as StorageError where error.code == .corrupt {
            throw Unusable(reason: "it is damaged")
        } catch let staleness as RestoredFold.Staleness {
            throw Unusable(reason: staleness.description)
        }
    }
}
