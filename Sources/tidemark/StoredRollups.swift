internal import Folds
internal import Foundation
internal import Pipeline
internal import Rollup
internal import Storage
internal import TimeSeries

/// `derived.sqlite` of a data folder, read and never written.
struct StoredRollups {
    let reader: DerivedReader
    /// As they were when it was opened; the server may have stored more since.
    let folds: StoredFolds

    /// Of one read, as for an export of years.
    private static let readMillisecondsMax = 60_000

    /// - Returns: nil where there is none, or none that can be used; the log has it all, as far as it reaches.
    static func open(folder: String) async throws(CommandFailure) -> StoredRollups? {
        let path = folder + "/" + DerivedStore.fileName
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var limits = DerivedStore.Limits()
        limits.readMillisecondsMax = readMillisecondsMax
        do throws(StorageError) {
            let reader = try DerivedReader(readingOnly: path, limits: limits)
            return StoredRollups(reader: reader, folds: try await reader.restore())
        } catch {
            switch error.code {
            case .empty: Self.note("it is empty")
            case .corrupt: Self.note("it is damaged, or of another version")
            default: throw CommandFailure(error)
            }
            return nil
        }
    }

    /// The fold that saw all lines that are stored.
    /// - Parameter log: of the same folder, opened later than the store.
    /// - Returns: nil where the store is of no use for this log.
    func fold(_ log: FolderLog) -> Fold? {
        guard let checkpoint = folds.checkpoint else { return Fold() }
        if let logID = log.logID, logID != checkpoint.logID {
            return Self.note("it is another log's")
        }
        guard checkpoint.foldVersion == Int64(Fold.version) else {
            return Self.note("it was made by fold version \(checkpoint.foldVersion)")
        }
        guard checkpoint.lastID <= log.lastID else {
            return Self.note("it covers lines that the log does not have")
        }
        do {
            return try FoldState(folds).map { try Fold(restoring: $0) }
        } catch {
            return Self.note("its state is damaged")
        }
    }

    @discardableResult
    private static func note(_ reason: String) -> Fold? {
        Console.error(
            "note: counts the whole log, since \(DerivedStore.fileName) is of no use: \(reason)")
        return nil
    }
}

extension CommandFailure {
    init(_ error: StorageError) {
        let hint: String? =
            switch error.code {
            case .schemaTooNew: "use the newer tidemark that wrote it"
            case .busy, .tookTooLong: "ask for less, or try again"
            // SQLite keeps its locks in derived.sqlite-shm, so even readers write to that.
            case .readOnly, .permissionDenied, .inputOutput:
                "run it as the folder's owner, or copy the folder to where you may write"
            default: nil
            }
        self.init(message: error.description, hints: [hint].compactMap(\.self))
    }
}
