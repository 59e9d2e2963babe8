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
        try await read(folder, limits) { reader in
            let scratch = try await ScratchStore(copyOf: reader)
            let folds = try await scratch.store.reader.restore()
            return folds.checkpoint == nil ? nil : LogBase(scratch: scratch, folds: folds)
        }
    }

    /// - Returns: whether there is one, and so a copy.
    static func copy(
        of folder: String, to path: String, _ limits: DerivedStore.Limits
    ) async throws -> Bool {
        let isThere: Bool? = try await read(folder, limits) { reader in
            guard try await reader.restore().checkpoint != nil else { return false }
            try await reader.copy(to: path)
            return true
        }
        return isThere ?? false
    }

    /// Up to here lines are taken out.
    static func lastID(of folder: String, _ limits: DerivedStore.Limits) async throws -> EventID {
        try await read(folder, limits) { reader in
            try await reader.snapshot { try $0.checkpoint?.lastID }
        } ?? .none
    }

    var lastID: EventID { folds.checkpoint?.lastID ?? .none }

    func fold(_ logID: String, _ limits: Fold.Limits) throws -> RestoredFold {
        try RestoredFold.restored(folds, logID: logID, lastID: .last, limits)
    }

    /// - Returns: nil also where it is damaged: retention then begins another one.
    private static func read<Value>(
        _ folder: String, _ limits: DerivedStore.Limits,
        _ body: (DerivedReader) async throws -> Value?
    ) async throws -> Value? {
        guard FileManager.default.fileExists(atPath: path(folder)) else { return nil }
        do {
            return try await body(DerivedReader(readingOnly: path(folder), limits: limits))
        } catch let error as StorageError where [.empty, .corrupt].contains(error.code) {
            return nil
        }
    }
}

extension LogBase? {
    var lastID: EventID { self?.lastID ?? .none }

    /// Event times of the lines that were taken out.
    var uncovered: [UncoveredRange] { self?.folds.uncovered ?? [] }
}
