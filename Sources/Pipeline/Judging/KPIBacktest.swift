public import KPI
internal import Storage
public import TimeSeries

/// What KPIs would have said of stored minutes, beside what was said live.
///
/// The same board judges the same ticks. Where the definitions are those of that time, what differs was changed by
/// data that came late, or lies where the server did not run.
public struct KPIBacktest: Sendable {
    /// What it finds, in the order of time; the end comes last.
    public enum Finding: Sendable {
        case transition(Change, wasLive: Bool)
        /// Was said live, and would not be said now.
        case onlyLive(Change)
        /// Judged up to here.
        case progress(Timestamp)
        case end(ticks: Int)
    }

    public struct Change: Hashable, Sendable {
        public let at: Timestamp
        public let kpi: String
        /// Canonical.
        public let tags: String
        public let type: String
        public let from: String
        public let to: String
        public let value: String?

        fileprivate init(_ row: TransitionRow) {
            (at, kpi, tags, type) = (row.at, row.kpi, row.tags, row.type)
            (from, to, value) = (row.from, row.to, row.value)
        }
    }

    /// Ticks of one backtest: a week.
    public static let ticksMax = 10_080
    /// Judged before the beginning, so that waits and episodes stand as they stood; not told.
    private static let warmUpTicks: Int64 = 120
    private static let progressTicks = 60
    private static let pageTransitions = 1_000

    private let definitions: [KPIDefinition]
    private let from, to: Timestamp
    private let judge: KPIJudge

    /// - Parameters:
    ///   - from: a minute's beginning, like `to`.
    ///   - definitions: nil for those in force.
    public init(
        of judge: KPIJudge, from: Timestamp, to: Timestamp, _ definitions: [KPIDefinition]?
    ) async {
        self.judge = judge
        self.from = Interval.oneMinute.bucketStart(of: from)
        self.to = Interval.oneMinute.bucketStart(of: to)
        let inForce = await judge.standings.map(\.definition)
        self.definitions = definitions ?? inForce
    }

    /// How many ticks it judges.
    public var ticks: Int {
        Int((to.milliseconds - from.milliseconds) / Interval.oneMinute.milliseconds)
    }

    public func run(_ tell: (Finding) async throws -> Void) async throws {
        var live = try await liveChanges()
        var board = KPIBoard(definitions, restoring: RestoredJudging(nextEpisode: 1))
        let minute = Interval.oneMinute.milliseconds
        var tick = from.advanced(byMilliseconds: -Self.warmUpTicks * minute)
        var count = 0
        while tick < to {
            tick = tick.advanced(byMilliseconds: minute)
            let judgement = try await judge.look(&board, definitions, at: tick)
            guard tick > from else { continue }
            for row in judgement.transitions {
                let change = Change(row)
                let wasLive = live[tick]?.remove(change) != nil
                try await tell(.transition(change, wasLive: wasLive))
            }
            for change in (live.removeValue(forKey: tick) ?? []).sorted(by: Self.isBefore) {
                try await tell(.onlyLive(change))
            }
            count += 1
            if count % Self.progressTicks == 0 { try await tell(.progress(tick)) }
        }
        try await tell(.end(ticks: count))
    }

    private static func isBefore(_ left: Change, _ right: Change) -> Bool {
        (left.kpi, left.tags) < (right.kpi, right.tags)
    }

    private func liveChanges() async throws -> [Timestamp: Set<Change>] {
        let names = Set(definitions.map(\.name))
        var changes: [Timestamp: Set<Change>] = [:]
        var last: Int64 = 0
        while true {
            let page = try await judge.store.transitions(after: last, limit: Self.pageTransitions)
            for row in page where row.at > from && row.at <= to && names.contains(row.kpi) {
                changes[row.at, default: []].insert(Change(row))
            }
            guard page.count == Self.pageTransitions, let seq = page.last?.seq else {
                return changes
            }
            last = seq
        }
    }
}
