internal import Foundation
internal import GRDB
internal import TimeSeries

/// Rows in the order of the columns in `ControlStatements` and `OutboxStatements`.
extension Row {
    func optionalText(_ place: Int) throws -> String? {
        try decode(String?.self, atIndex: place)
    }

    func optionalInteger(_ place: Int) throws -> Int64? {
        try decode(Int64?.self, atIndex: place)
    }

    func optionalMilliseconds(_ place: Int) throws -> Timestamp? {
        try optionalInteger(place).map(Timestamp.init(milliseconds:))
    }

    func flag(_ place: Int) throws -> Bool { try integer(place) != 0 }

    private func named<Value: RawRepresentable<String>>(_ place: Int) throws -> Value {
        guard let value = Value(rawValue: try text(place)) else { throw StorageFault.column }
        return value
    }

    func kpiState() throws -> KPIStateRow {
        KPIStateRow(
            kpi: try text(0), tags: try text(1), state: try bytes(2), status: try text(3),
            since: try milliseconds(4), value: try optionalText(5),
            episode: try optionalInteger(6))
    }

    func episode() throws -> EpisodeRow {
        EpisodeRow(
            id: try integer(0), kpi: try text(1), tags: try text(2), level: try named(3),
            state: try named(4), startedAt: try milliseconds(5),
            endedAt: try optionalMilliseconds(6), peak: try optionalText(7),
            peakAt: try optionalMilliseconds(8), acknowledgedBy: try optionalText(9),
            acknowledgedAt: try optionalMilliseconds(10), query: try text(11))
    }

    func transition() throws -> TransitionRow {
        TransitionRow(
            seq: try integer(0), episode: try optionalInteger(1), kpi: try text(2),
            tags: try text(3), at: try milliseconds(4), from: try text(5), to: try text(6),
            type: try text(7), value: try optionalText(8), logID: try id(9),
            notifies: try flag(10), silenced: try flag(11), body: try bytes(12))
    }

    func silence() throws -> SilenceRow {
        SilenceRow(
            id: try integer(0), matcher: try text(1), until: try milliseconds(2),
            by: try text(3), comment: try text(4), createdAt: try milliseconds(5))
    }

    func webhook() throws -> WebhookRow {
        var filter = WebhookRow.Filter()
        filter.kpis = try list(4)
        filter.levels = try list(5)
        filter.sourceApps = try list(6)
        return WebhookRow(
            id: try text(0), url: try text(1), format: try text(2), secrets: try list(3),
            filter: filter, isWatchdog: try flag(7), isFromFile: try flag(8),
            disabledReason: try optionalText(9), createdAt: try milliseconds(10))
    }

    func delivery() throws -> DeliveryRow {
        DeliveryRow(
            id: try integer(0), webhook: try text(1), messageID: try text(2),
            seq: try integer(3), state: try named(4), createdAt: try milliseconds(5),
            attempts: Int(try integer(6)), nextAttemptAt: try optionalMilliseconds(7),
            lastAttemptAt: try optionalMilliseconds(8),
            lastStatus: try optionalInteger(9).map(Int.init), lastError: try optionalText(10),
            endedAt: try optionalMilliseconds(11))
    }

    private func list(_ place: Int) throws -> [String] {
        guard let list = try? JSONDecoder().decode([String].self, from: Data(text(place).utf8))
        else { throw StorageFault.column }
        return list
    }
}

extension KPIStateRow {
    var columns: [(any DatabaseValueConvertible)?] {
        [kpi, tags, Data(state), status, since.milliseconds, value, episode]
    }
}

extension EpisodeRow {
    var columns: [(any DatabaseValueConvertible)?] {
        [
            id, kpi, tags, level.rawValue, state.rawValue, startedAt.milliseconds,
            endedAt?.milliseconds, peak, peakAt?.milliseconds, acknowledgedBy,
            acknowledgedAt?.milliseconds, query,
        ]
    }
}

extension TransitionRow {
    /// Without `seq`.
    var columns: [(any DatabaseValueConvertible)?] {
        get throws(StorageFault) {
            [
                episode, kpi, tags, at.milliseconds, from, to, type, value, try logID.stored,
                notifies, silenced, Data(body),
            ]
        }
    }
}

extension SilenceRow {
    /// Without `id`.
    var columns: [(any DatabaseValueConvertible)?] {
        [matcher, until.milliseconds, by, comment, createdAt.milliseconds]
    }
}

extension WebhookRow {
    /// Without `id`.
    var columns: [(any DatabaseValueConvertible)?] {
        get throws {
            [
                url, format, try Self.json(secrets), try Self.json(filter.kpis),
                try Self.json(filter.levels), try Self.json(filter.sourceApps), isWatchdog,
                isFromFile, disabledReason, createdAt.milliseconds,
            ]
        }
    }

    private static func json(_ list: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(list), as: UTF8.self)
    }
}
