internal import TimeSeries

extension TimeRange {
    /// All moments that RFC 3339 can say.
    static let representable: TimeRange = {
        let bounds = Timestamp.representable
        guard let range = TimeRange(from: bounds.lowerBound, to: bounds.upperBound) else {
            preconditionFailure("BUG: there is no time")
        }
        return range
    }()

    /// From the first bucket's start within the range to the first one's behind it.
    /// - Returns: nil where no bucket starts within the range.
    func starts(_ interval: Interval) -> TimeRange? {
        TimeRange(from: Self.firstStart(from, interval), to: Self.firstStart(to, interval))
    }

    private static func firstStart(_ time: Timestamp, _ interval: Interval) -> Timestamp {
        let bounds = Timestamp.representable
        let time = min(max(time, bounds.lowerBound), bounds.upperBound)
        let start = interval.bucketStart(of: time)
        return start == time ? start : start.advanced(byMilliseconds: interval.milliseconds)
    }

    /// Whether it is made of whole hours, and so of whole buckets of every interval.
    var isWholeHours: Bool {
        [from, to].allSatisfy { Interval.oneHour.bucketStart(of: $0) == $0 }
    }
}
