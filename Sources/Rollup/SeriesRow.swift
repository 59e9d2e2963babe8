public import TimeSeries

/// All that is known of a series: what storage keeps.
public struct SeriesRow: Equatable, Sendable {
    public let series: SeriesID
    /// Canonical text (see `SeriesKey`).
    public let key: [UInt8]
    public let kind: MetricKind
    public let scale: QuantityScale
    /// The newest of its admissions.
    public let admission: Admission
    public let totals: SeriesTotals

    public init(
        series: SeriesID, key: [UInt8], kind: MetricKind, scale: QuantityScale,
        admission: Admission, totals: SeriesTotals
    ) {
        self.series = series
        self.key = key
        self.kind = kind
        self.scale = scale
        self.admission = admission
        self.totals = totals
    }
}

/// From which line of the log on, and up to which, a series counted among the live ones of its metric.
public struct Admission: Equatable, Sendable {
    public let series: SeriesID
    public let admittedAt: EventID
    /// The first line without it; nil while it is live.
    public var retiredAt: EventID?

    public init(series: SeriesID, admittedAt: EventID, retiredAt: EventID? = nil) {
        self.series = series
        self.admittedAt = admittedAt
        self.retiredAt = retiredAt
    }
}

/// What a series has had in its whole life.
public struct SeriesTotals: Equatable, Sendable {
    public let series: SeriesID
    /// By the folds' clock, not the samples'.
    public var lastSampleAt: Timestamp
    public var count: Int64
    /// In parts.
    public var sum: Int128

    public init(series: SeriesID, lastSampleAt: Timestamp, count: Int64 = 0, sum: Int128 = 0) {
        self.series = series
        self.lastSampleAt = lastSampleAt
        self.count = count
        self.sum = sum
    }
}

/// What storage has not seen yet. Rows are upserted by series, admissions by (series, `admittedAt`), in
/// this order.
public struct SeriesChanges: Equatable, Sendable {
    /// Series that storage does not have, with their totals.
    public var added: [SeriesRow] = []
    /// Of series that it has.
    public var totals: [SeriesTotals] = []
    /// Of both; of two for the same key the later one counts.
    public var admissions: [Admission] = []

    public var isEmpty: Bool { added.isEmpty && totals.isEmpty && admissions.isEmpty }
}
