internal import EventLine
internal import StrictJSON
public import TimeSeries

/// The first fold of the log: takes the observations out of its lines.
///
/// It reads lines and nothing else, no clock and no chance, so that live and on replay the same comes
/// out. Lines come in the order of the log. What it must remember from one line for a later one
/// (`ObserverState`) is stored with the log position that it covers.
public struct LineObserver: Sendable {
    /// They shape what is counted: with other limits, a replay gives other numbers.
    public struct Limits: Sendable {
        /// How many ids may lie between two halves of a tool use or a permission.
        public var joinDistanceIDsMax: UInt64 = 262_144
        /// Halves of one kind that wait.
        public var openHalvesMax = 65_536
        /// Ends of tool uses that are kept for a request that comes late. Nearly no end needs one, so
        /// only the newest are kept.
        public var permissionEndsMax = 4_096
        /// Series of cumulative counters whose last reading is kept.
        public var cumulativeSeriesMax = 262_144
        /// Metrics, Tidemark's own among them.
        public var metricsMax = 10_000

        public init() {}
    }

    let limits: Limits
    /// Every metric that observations may name.
    public internal(set) var metrics = MetricTable()
    /// What gave no observation, since the observer was made.
    public internal(set) var omissions = Omissions()
    /// When the server stored the line that was observed last.
    public internal(set) var clock = Timestamp(milliseconds: 0)
    /// The user's entries in force.
    public internal(set) var catalogue = UserCatalogue()

    var plans = EventPlan.all([])
    var joins: OpenJoins
    var counters: CumulativeCounters
    var metricsStored: Int
    var catalogueText: [UInt8] = []
    var isCatalogueStored = true

    // Reused for each line.
    var writer = SeriesKeyWriter()
    var reader = DataReader()
    var joinKey = JoinKey()
    var tags = SampleTags()
    var text: [UInt8] = []
    private var clockText: [UInt8] = []

    public init(limits: Limits = Limits()) {
        self.limits = limits
        joins = OpenJoins(limits)
        counters = CumulativeCounters(limits)
        metricsStored = metrics.count
    }

    /// Appends what a line says.
    public mutating func observe(_ line: Span<UInt8>, into batch: inout ObservationBatch) {
        if let envelope = EventEnvelope(line) {
            readClock(line, envelope)
            observe(line, envelope, into: &batch)
        } else if let head = LineHead(line) {
            if head.kind != .header {
                clock = head.serverTime
                clockText.removeAll(keepingCapacity: true)
            }
            switch head.kind {
            case .samples: observeSamples(line, head, into: &batch)
            case .catalogue: apply(line, head)
            case .header, .transcript: break
            }
        } else {
            omissions.add(.malformedLine)
        }
    }
}

extension LineObserver {
    /// The lines of a group have one server time, and so mostly the same text as the line before.
    @inline(__always)
    private mutating func readClock(_ line: Span<UInt8>, _ envelope: EventEnvelope) {
        guard !line.isEqual(envelope.serverTimestamp, to: clockText) else { return }
        clockText.removeAll(keepingCapacity: true)
        clockText.append(contentsOf: line, envelope.serverTimestamp)
        clock = envelope.serverTime(line)
    }
}

// MARK: State

extension LineObserver {
    /// One that goes on where another stopped.
    public init(limits: Limits = Limits(), restoring state: ObserverState) {
        self.init(limits: limits)
        for definition in state.metrics where metrics.id(of: definition.name) == nil {
            guard metrics.count < limits.metricsMax else { break }
            metrics.append(definition)
        }
        if !state.catalogue.isEmpty { install(state.catalogue) }
        for entry in state.entries.sorted(by: { $0.order < $1.order }) {
            switch entry.row {
            case .half(let half): joins.tables[half.index].restore(entry)
            case .counter: counters.table.restore(entry)
            }
        }
        metricsStored = metrics.count
        omissions = Omissions()
    }

    /// What has changed since the last call: to be stored with the position of the last line.
    public mutating func takeChanges() -> ObserverChanges {
        var changes = ObserverChanges()
        if !isCatalogueStored { changes.catalogue = catalogueText }
        changes.metrics = Array(metrics.definitions[metricsStored...])
        isCatalogueStored = true
        metricsStored = metrics.count
        for half in JoinHalf.allCases {
            changes.add(joins.tables[half.index].takeChanges(), .half(half))
        }
        changes.add(counters.table.takeChanges(), .counter)
        return changes
    }
}

extension ObserverChanges {
    fileprivate mutating func add(
        _ changes: (written: [AgingTable.Entry], removed: [StableHash]), _ row: ObserverRow
    ) {
        written += changes.written.map {
            ObserverState.Entry(
                row: row, key: $0.key, order: $0.order, id: $0.id, time: $0.time, value: $0.value)
        }
        removed += changes.removed.map { Key(row: row, key: $0) }
    }
}

extension AgingTable {
    fileprivate mutating func restore(_ entry: ObserverState.Entry) {
        restore(
            entry.key, entry.value, id: entry.id, time: entry.time, order: entry.order)
    }
}
