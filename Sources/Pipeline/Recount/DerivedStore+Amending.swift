internal import Rollup
internal import Storage
internal import TimeSeries

extension DerivedStore {
    /// Changes series and state at the line up to which the store counts, though no new line says so.
    ///
    /// It takes two transactions, so it is for a store that nobody uses yet.
    func amend(_ change: (inout Flush) throws -> Void) async throws {
        let folds = try await reader.restore()
        // Without lines there is nothing that could be wrong.
        guard let end = folds.checkpoint, end.lastID > .none else { return }
        var flush = Flush(checkpoint: end)
        flush.series = SeriesChanges.none
        flush.state.written = folds.state
        try change(&flush)
        // A flush must lead on, so the store takes a step back before it.
        let before = Checkpoint(
            logID: end.logID, lastID: EventID(end.lastID.value - 1), time: end.time,
            foldVersion: end.foldVersion)
        try await writer.rewind(to: before, removing: [])
        _ = try await writer.commit(flush)
    }
}

extension Flush {
    /// Puts a row of state in the place of the one with its key.
    mutating func put(_ row: StateRow) {
        state.written.removeAll { $0.key == row.key }
        state.written.append(row)
    }
}

extension SeriesChanges {
    /// Nothing has changed.
    fileprivate static var none: SeriesChanges {
        var table = SeriesTable()
        return table.takeChanges()
    }
}
