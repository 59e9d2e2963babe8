internal import EventLog
internal import Folds
internal import Foundation
internal import Storage
internal import TimeSeries

/// What the folds were at the last line that retention has taken out of the log: a store without buckets.
///
///     base.sqlite ─► the folds before the first line that is left ─► verify, rebuild, a start without a store
///
/// Its place in the log is also the mark of what retention has begun: a closed partition whose lines all
/// stand before it is on its way out.
struct LogBase: Sendable {
    /// Below the data folder.
    static let fileName = "base.sqlite"

    /// A copy of its own, to count on in.
    let scratch: ScratchStore
    let folds: StoredFolds

    static func path(_ folder: String) -> String { folder + "/" + fileName }

    /// - Returns: nil where nothing was taken out yet.
    static func copy(of folder: String, _ limits: DerivedStore.Limits) async throws -> LogBase? {
        guard let reader = try reader(of: folder, limits) else { return nil }
        let scratch = try await ScratchStore(copyOf: reader)
        let folds = try await scratch.store.reader.restore()
        return folds.checkpoint == nil ? nil : LogBase(scratch: scratch, folds: folds)
    }

    /// - Returns: whether there is one, and so a copy.
    static func copy(
        of folder: String, to path: String, _ limits: DerivedStore.Limits
    ) async throws -> Bool {
        guard let reader = try reader(of: folder, limits),
            try await reader.restore().checkpoint != nil
        else { return false }
        try await reader.copy(to: path)
        return true
    }

    /// Up to here lines are taken out.
    static func lastID(of folder: String, _ limits: DerivedStore.Limits) async throws -> EventID {
        guard let reader = try reader(of: folder, limits) else { return .none }
        return try await reader.restore().checkpoint?.lastID ?? .none
    }

    var lastID: EventID { folds.checkpoint?.lastID ?? .none }

    func fold(_ logID: String, _ limits: Fold.Limits) throws -> RestoredFold {
        try RestoredFold.restored(folds, logID: logID, lastID: .last, limits)
    }

    private static func reader(
        of folder: String, _ limits: DerivedStore.Limits
    ) throws -> DerivedReader? {
        guard FileManager.default.fileExists(atPath: path(folder)) else { return nil }
        do throws(StorageError) {
            return try DerivedReader(readingOnly: path(folder), limits: limits)
        } catch  where error.code == .empty {
            return nil
        }
    }
}

extension LogBase? {
    var lastID: EventID { self?.lastID ?? .none }

    /// Event times of the lines that were taken out.
    var uncovered: [UncoveredRange] { self?.folds.uncovered ?? [] }
}
