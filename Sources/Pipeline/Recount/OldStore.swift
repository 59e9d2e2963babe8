internal import EventLog
internal import Folds
internal import Foundation
internal import NIOPosix
internal import Storage
internal import TimeSeries

/// The store that a rebuild replaces.
struct OldStore: Sendable {
    let folds: StoredFolds
    private let files: StoreFiles
    private let log: EventLog
    private let limits: Engine.Limits

    /// Why nothing can be made of it.
    struct Unusable: Error {
        let reason: String
    }

    /// Reads it, and moves all that was committed into its one file. Nobody else has it open.
    static func open(
        _ files: StoreFiles, _ log: EventLog, _ limits: Engine.Limits
    ) async throws -> OldStore {
        do {
            let store = try DerivedStore(path: files.path, limits: limits.store)
            defer { try? store.close() }
            let folds = try await store.reader.restore()
            guard try await store.moveWAL() else {
                throw RecountRefusal(.storeInUse, "another process reads \(files.path)")
            }
            let old = OldStore(folds: folds, files: files, log: log, limits: limits)
            _ = try old.fold()
            return old
        } catch let error as StorageError where error.code == .corrupt {
            throw Unusable(reason: "it is damaged")
        }
    }

    private func fold() throws(Unusable) -> RestoredFold {
        do {
            return try RestoredFold.restored(
                folds, logID: log.logID, lastID: log.lastID, limits.fold)
        } catch {
            throw Unusable(reason: error.description)
        }
    }

    /// Copies it, and counts the lines in the copy that it has not counted.
    /// - Parameter path: of the copy.
    func caughtUp(
        at path: String, _ threads: NIOThreadPool, _ listener: ProgressListener
    ) async throws -> DerivedStore {
        try FileManager.default.copyItem(atPath: files.path, toPath: path)
        let store = try DerivedStore(path: path, limits: limits.store)
        let plan = Recount.Plan(logID: log.logID, start: try fold())
        let recount = Recount(log.snapshot(), plan, into: store, threads)
        try await recount.count(through: log.lastID, listener)
        return store
    }
}

extension DerivedStore {
    /// Moves all that was committed into the one file.
    /// - Returns: false where somebody's read keeps it from being moved.
    func moveWAL() async throws -> Bool {
        let wal = try await tidy()
        return wal.movedBytes == wal.bytes
    }
}
