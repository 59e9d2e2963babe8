internal import EventLog
public import KPI
public import Storage
internal import Streams
public import TimeSeries

/// Judges the KPIs at one tick after the other, and keeps what it finds.
///
/// A tick is a minute's end. It reads whole minutes before it, and is judged a named delay later, so that a look
/// back over the same buckets says the same. Its verdict is on the disk before anybody is told.
public actor KPIJudge {
    public struct Limits: Sendable {
        /// How long after its end a minute is judged: what comes later is late.
        public var delayMilliseconds: Int64 = 2_000
        /// Ticks that were missed are judged as far back as this; older ones never are.
        public var catchUpMillisecondsMax: Int64 = 3_600_000
        /// Groups of one KPI; further ones are not judged.
        public var groupsMax = 1_000
        /// Buckets that one KPI's window may read.
        public var windowBucketsMax = 1_000_000

        public init() {}
    }

    /// One KPI with what it says of its groups.
    public struct Standing: Sendable {
        public struct Group: Sendable {
            public let tags: String
            public let status: KPIStatus
            public let since: Timestamp
            public let value: String?
            public let isDamped: Bool
            /// Of the open episode.
            public let alertID: Int64?

            public var parsedTags: [SeriesKey.Tag] {
                let text = Array(("m" + tags).utf8)
                return (try? SeriesKey(canonical: text.span))?.tags ?? []
            }
        }

        public let definition: KPIDefinition
        public let unit: String
        public let groups: [Group]
    }

    public nonisolated let store: ControlStore
    private let engine: Engine
    private let pipeline: Pipeline
    private let limits: Limits
    private var board: KPIBoard
    private var wanted: [KPIDefinition]
    /// The last tick that was judged.
    public private(set) var lastTick: Timestamp?
    private var lastSilences: [SilenceRow] = []

    /// Goes on from what the store holds.
    public init(
        _ definitions: [KPIDefinition], engine: Engine, pipeline: Pipeline, store: ControlStore,
        limits: Limits = Limits()
    ) async throws(StorageError) {
        let stored = try await store.restore()
        board = KPIBoard(definitions, restoring: stored)
        wanted = definitions
        lastTick = stored.lastTick
        (self.engine, self.pipeline, self.store, self.limits) = (engine, pipeline, store, limits)
    }

    /// Other KPIs from the next tick on. Those that are there again go on as they stand.
    public func replace(_ definitions: [KPIDefinition]) { wanted = definitions }

    /// The tick that is to be judged next.
    public func nextTick(now: Timestamp) -> Timestamp {
        let newest = Interval.oneMinute.bucketStart(
            of: now.advanced(byMilliseconds: -limits.delayMilliseconds))
        guard let lastTick else { return newest }
        let oldest = Interval.oneMinute.bucketStart(
            of: newest.advanced(byMilliseconds: -limits.catchUpMillisecondsMax))
        return max(
            lastTick.advanced(byMilliseconds: Interval.oneMinute.milliseconds), oldest)
    }

    /// When a tick may be judged.
    public nonisolated func isDue(_ tick: Timestamp, now: Timestamp) -> Bool {
        now.milliseconds - tick.milliseconds >= limits.delayMilliseconds
    }

    /// Judges a tick; what it finds is stored, and then told.
    /// - Returns: the KPIs that stay as they are, since their windows have too many buckets.
    public func judge(_ tick: Timestamp) async throws -> [String] {
        let id = pipeline.log.lastID
        let definitions = wanted
        let readings = try await readings(definitions, at: tick, through: id)
        let silences = try await store.silences()
        // What cannot be stored is judged again from where it stood.
        var board = board
        board.replace(definitions)
        let judgement = board.judge(
            readings, at: tick, through: id, silences: silences, groupsMax: limits.groupsMax)
        let numbers = try await store.commit(judgement)
        (self.board, lastTick) = (board, tick)
        for (number, transition) in zip(numbers, judgement.transitions) {
            pipeline.streams.publish(
                StreamedAlert(
                    number: UInt64(clamping: number), time: transition.at,
                    payload: transition.streamed(number)))
        }
        return definitions.map(\.name).filter { readings[$0] == nil }
    }

    /// Without those whose windows have too many buckets: no KPI keeps others from being judged.
    private func readings(
        _ definitions: [KPIDefinition], at tick: Timestamp, through id: EventID
    ) async throws(EngineRefusal) -> [String: KPIReadings] {
        var readings: [String: KPIReadings] = [:]
        for kpi in definitions {
            do throws(EngineRefusal) {
                readings[kpi.name] = try await engine.readings(
                    kpi, until: tick, through: id, bucketsMax: limits.windowBucketsMax)
            } catch {
                guard case .tooManyBuckets = error else { throw error }
            }
        }
        return readings
    }

    /// What a tick makes of another board; nothing is stored.
    func look(
        _ board: inout KPIBoard, _ definitions: [KPIDefinition], at tick: Timestamp
    ) async throws(EngineRefusal) -> Judgement {
        let id = pipeline.log.lastID
        return board.judge(
            try await readings(definitions, at: tick, through: id), at: tick, through: id,
            silences: [], groupsMax: limits.groupsMax)
    }

    /// Every KPI with its groups, in the order of the file.
    public var standings: [Standing] {
        wanted.map { kpi in
            let groups = board.groups.filter { $0.key.kpi == kpi.name }
                .sorted { $0.key.tags < $1.key.tags }
                .map { key, group in
                    Standing.Group(
                        tags: key.tags, status: group.machine.phase.status,
                        since: group.machine.since, value: group.machine.value?.decimal(),
                        isDamped: group.machine.isDamped, alertID: group.episode?.id)
                }
            return Standing(definition: kpi, unit: board.units[kpi.name] ?? "", groups: groups)
        }
    }
}

extension TransitionRow {
    /// The payload of an `alert` frame: the message's data with its type and number.
    func streamed(_ number: Int64) -> [UInt8] {
        let head = "{\"type\":\"\(type)\",\"seq\":\(number),"
        return Array(head.utf8) + body.dropFirst()
    }
}
