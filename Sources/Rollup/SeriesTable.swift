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
        let form: MetricForm
        public internal(set) var series: [SeriesID] = []
        /// Without the overflow series.
        public internal(set) var liveSeries = 0
        public internal(set) var overflow: SeriesID?

        public var kind: MetricKind { form.kind }
        public var scale: QuantityScale { form.scale }
    }

    struct State: Sendable {
        let metric: Int
        let form: MetricForm
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
        let form = MetricForm(kind: kind, scale: scale)
        let place: Int
        if let known = keys.number(of: key) {
            try states[known].form.check(form)
            place = states[known].isLive ? known : readmit(known, at: id, now)
        } else {
            place = admit(key, try metric(of: key, form), at: id, now)
        }
        states[place].totals.count = states[place].totals.count.addingSaturating(count)
        states[place].totals.sum &+= sum
        touch(place, now)
        return states[place].totals.series
    }

    /// Counts another sample of the line that `observe` was last called for, of the same key.
    /// - Parameters:
    ///   - sum: in parts.
    ///   - series: what `observe` said.
    @inline(__always)
    public mutating func add(_ sum: Int128, to series: SeriesID) {
        let place = Int(series.value)
        states[place].totals.count = states[place].totals.count.addingSaturating(1)
        states[place].totals.sum &+= sum
    }

    private mutating func metric(
        of key: Span<UInt8>, _ form: MetricForm
    ) throws(SeriesRefusal) -> Int {
        let length = SeriesKey.nameLength(key)
        precondition(length < key.count, "BUG: a series key without tags")
        let name = key.extracting(0..<length)
        if let known = names.number(of: name) {
            try metrics[known].form.check(form)
            return known
        }
        guard metrics.count < limits.metricsMax else { throw .tooManyMetrics }
        return addMetric(name, form)
    }

    @inline(__always)
    private mutating func touch(_ place: Int, _ now: Timestamp) {
        if now > states[place].totals.lastSampleAt { states[place].totals.lastSampleAt = now }
        guard !states[place].isChanged else { return }
        states[place].isChanged = true
        changed.append(states[place].totals.series)
    }
}
