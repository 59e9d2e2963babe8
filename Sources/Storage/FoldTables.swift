internal import Foundation
internal import GRDB
internal import Rollup
internal import TimeSeries

/// The checkpoint, the coverage and the small state.
struct FoldTables {
    let db: Database

    /// The checkpoint, and the folds' clock when recent minutes were last settled.
    struct Position {
        let checkpoint: Checkpoint
        let settledAt: Timestamp
    }

    func position() throws -> Position? {
        let row = try Row.fetchOne(db.cachedStatement(sql: CheckpointStatements.select))
        guard let row else { return nil }
        return Position(
            checkpoint: Checkpoint(
                logID: try row.text(0), lastID: try row.id(1), time: try row.milliseconds(2),
                foldVersion: try row.integer(3)),
            settledAt: try row.milliseconds(4))
    }

    func write(_ checkpoint: Checkpoint, settledAt: Timestamp) throws {
        try db.cachedStatement(sql: CheckpointStatements.upsert).execute(arguments: [
            checkpoint.logID, try checkpoint.lastID.stored, checkpoint.time.milliseconds,
            checkpoint.foldVersion, settledAt.milliseconds,
        ])
    }
}

// MARK: Coverage

extension FoldTables {
    func floors() throws -> [Interval: Timestamp] {
        let rows = try Row.fetchAll(db.cachedStatement(sql: CoverageStatements.floors))
        var floors: [Interval: Timestamp] = [:]
        for row in rows {
            guard let interval = Interval(name: try row.text(0)) else { throw StorageFault.column }
            floors[interval] = try row.seconds(1)
        }
        return floors
    }

    func raise(_ interval: Interval, to floor: Timestamp) throws {
        try db.cachedStatement(sql: CoverageStatements.raiseFloor)
            .execute(arguments: [interval.name, floor.storedSeconds])
    }

    func uncovered() throws -> [UncoveredRange] {
        try Row.fetchAll(db.cachedStatement(sql: CoverageStatements.uncovered)).map { row in
            let range = TimeRange(from: try row.milliseconds(0), to: try row.milliseconds(1))
            guard let range, let reason = UncoveredRange.Reason(rawValue: try row.text(2)) else {
                throw StorageFault.column
            }
            return UncoveredRange(range: range, reason: reason)
        }
    }

    /// Ranges of one reason that touch become one.
    func add(_ uncovered: UncoveredRange) throws {
        let bounds: StatementArguments = [
            uncovered.range.from.milliseconds, uncovered.range.to.milliseconds,
            uncovered.reason.rawValue,
        ]
        try db.cachedStatement(sql: CoverageStatements.addUncovered).execute(arguments: bounds)
        try db.cachedStatement(sql: CoverageStatements.removeTouching).execute(arguments: bounds)
    }
}

// MARK: State

extension FoldTables {
    func apply(_ changes: StateChanges) throws {
        let remove = try db.cachedStatement(sql: StateStatements.remove)
        for key in changes.removed {
            try remove.execute(arguments: [key.kind, Data(key.key)])
        }
        let upsert = try db.cachedStatement(sql: StateStatements.upsert)
        for row in changes.written {
            try upsert.execute(arguments: [row.key.kind, Data(row.key.key), Data(row.value)])
        }
    }

    func state() throws -> [StateRow] {
        let rows = try Row.fetchCursor(db.cachedStatement(sql: StateStatements.all))
        var state: [StateRow] = []
        while let row = try rows.next() {
            let key = StateRow.Key(kind: try row.text(0), key: try row.bytes(1))
            state.append(StateRow(key: key, value: try row.bytes(2)))
        }
        return state
    }

    func removeState() throws {
        try db.cachedStatement(sql: StateStatements.removeAll).execute()
    }
}
