internal import TimeSeries

/// Whole hours, without an overlap, in the order of time.
struct HourRanges: Sendable {
    private(set) var ranges: [TimeRange] = []

    /// All hours that have a moment in one of the ranges.
    init(touching ranges: [TimeRange]) {
        let whole = TimeRange.wholeCalendar
        for range in ranges.sorted(by: { $0.from < $1.from }) {
            let from = max(Interval.oneHour.bucketStart(of: range.from), whole.from)
            let to = min(Self.ceiling(range.to), whole.to)
            if let hours = TimeRange(from: from, to: to) { append(hours) }
        }
    }

    private mutating func append(_ hours: TimeRange) {
        guard let last = ranges.last, last.to >= hours.from else { return ranges.append(hours) }
        if let joined = TimeRange(from: last.from, to: max(last.to, hours.to)) {
            ranges[ranges.count - 1] = joined
        }
    }

    static func ceiling(_ time: Timestamp) -> Timestamp {
        let start = Interval.oneHour.bucketStart(of: time)
        return start == time
            ? start : start.advanced(byMilliseconds: Interval.oneHour.milliseconds)
    }

    /// All other hours.
    var complement: HourRanges {
        var others = HourRanges(touching: [])
        var from = TimeRange.wholeCalendar.from
        for range in ranges {
            if let gap = TimeRange(from: from, to: range.from) { others.ranges.append(gap) }
            from = range.to
        }
        if let rest = TimeRange(from: from, to: TimeRange.wholeCalendar.to) {
            others.ranges.append(rest)
        }
        return others
    }

    /// The hours of these that begin within a range.
    func clipped(to range: TimeRange) -> HourRanges {
        var clipped = HourRanges(touching: [])
        clipped.ranges = ranges.compactMap {
            TimeRange(from: max($0.from, range.from), to: min($0.to, range.to))
        }
        return clipped
    }

    var isEmpty: Bool { ranges.isEmpty }

    func overlaps(_ range: TimeRange) -> Bool { ranges.contains { $0.overlaps(range) } }
}
