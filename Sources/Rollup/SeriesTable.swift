public import TimeSeries

/// Every series by its canonical key, and which of them are live.
///
/// A metric may have so many live series; samples of further ones land in its overflow series, whose
/// tags are `{"overflow":"true"}`, so that totals stay exact. All that the table does follows from the
/// order of the calls, so a replay of the log does it again.
public struct SeriesTable: Sendable {
    public struct Limits: Sendable {
        /// The overflow series comes on top.
        public var liveSeriesPerMetricMax = 2_000
        /// Live or not, since keys are never forgotten: some 300 bytes each.
        public var seriesMax = 1_000_000
        public var metricsMax = 10_000
        public var idleMillisecondsMax: Int64 = 24 * 3_600_000

        public init() {}
    }

    /// A metric with its series, live or not, in the order of their numbers.
    public struct Metric: Sendable {
        public let name: String
        public let kind: MetricKind
        public let scale: QuantityScale
        public internal(set) var series: [SeriesID] = []
        /// Without the overflow series.
        public internal(set) var liveSeries = 0
        public internal(set) var overflow: SeriesID?
    }

    struct State: Sendable {
        let metric: Int
        var admission: Admission
        var totals: SeriesTotals
        var isChanged = false

        var isLive: Bool { admission.retiredAt == nil }
    }

    let limits: Limits
    var keys: ByteTable
    var names: ByteTable
    public internal(set) var metrics: [Metric] = []
    /// By series.
    var states: [State] = []
    // What storage has not seen yet.
    var firstAdded = 0
    var changed: [SeriesID] = []
    var admissions: [Admission] = []

    /// - Parameter hashSeed: a random one keeps senders from aiming at the table's weak spots. No answer
    ///   depends on it.
    public init(limits: Limits = Limits(), hashSeed: UInt64 = 0) {
        self.limits = limits
        keys = ByteTable(seed: hashSeed)
        names = ByteTable(seed: hashSeed)
    }

    /// Series, live or not.
    public var count: Int { states.count }
}

/// Why a sample has no series.
public enum SeriesRefusal: Error, Equatable, Sendable {
    /// The metric has this kind.
    case otherKind(MetricKind)
    /// The metric has this scale.
    case otherScale(QuantityScale)
    case tooManyMetrics
}

// MARK: Samples

extension SeriesTable {
    /// Counts samples of a series, and says which series they belong to: their own, or the overflow
    /// series of its metric.
    /// - Parameters:
    ///   - key: canonical text.
    ///   - sum: in parts.
    ///   - id: the line that the samples are from.
    ///   - now: the folds' clock: that line's `server_timestamp`.
    public mutating func observe(
        _ key: Span<UInt8>, kind: MetricKind, scale: QuantityScale = .millionths,
        count: Int64 = 1, sum: Int128, at id: EventID, now: Timestamp
    ) throws(SeriesRefusal) -> SeriesID {
        let place: Int
        if let known = keys.number(of: key) {
            try check(states[known].metric, kind, scale)
            place = states[known].isLive ? known : readmit(known, at: id, now)
        } else {
            place = admit(key, try metric(of: key, kind, scale), at: id, now)
        }
        states[place].totals.count = states[place].totals.count.addingSaturating(count)
        states[place].totals.sum &+= sum
        touch(place, now)
        return states[place].totals.series
    }

    private func check(
        _ metric: Int, _ kind: MetricKind, _ scale: QuantityScale
    ) throws(SeriesRefusal) {
        guard metrics[metric].kind == kind else { throw .otherKind(metrics[metric].kind) }
        guard metrics[metric].scale == scale else { throw .otherScale(metrics[metric].scale) }
    }

    private mutating func metric(
        of key: Span<UInt8>, _ kind: MetricKind, _ scale: QuantityScale
    ) throws(SeriesRefusal) -> Int {
        let length = SeriesKey.nameLength(key)
        precondition(length < key.count, "BUG: a series key without tags")
        let name = key.extracting(0..<length)
        if let known = names.number(of: name) {
            try check(known, kind, scale)
            return known
        }
        guard metrics.count < limits.metricsMax else { throw .tooManyMetrics }
        return addMetric(name, kind, scale)
    }

    @inline(__always)
    private mutating func touch(_ place: Int, _ now: Timestamp) {
        if now > states[place].totals.lastSampleAt { states[place].totals.lastSampleAt = now }
        guard !states[place].isChanged else { return }
        states[place].isChanged = true
        changed.append(states[place].totals.series)
    }
}
