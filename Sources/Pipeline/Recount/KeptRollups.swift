internal import Rollup
internal import Storage
internal import TimeSeries

/// Takes from an old store over what the log no longer tells: the buckets of hours of which lines are gone,
/// and series that lived only there.
struct KeptRollups {
    let old: DerivedStore
    let target: DerivedStore
    let uncovered: [UncoveredRange]

    /// - Returns: how many hours were kept.
    func run() async throws -> Int {
        let hours = HourRanges(touching: uncovered.map(\.range))
        let floors = try await old.reader.restore().floors
        try await raiseFloors(floors, hours)
        let records = try await SeriesRecord.all(of: old)
        let numbers = try await amend(records)
        try await target.remove(
            try await SeriesRecord.all(of: target).map(\.row.series), in: hours)
        var kept: Set<Timestamp> = []
        for record in records {
            guard let series = numbers[record.row.series] else { continue }
            for (interval, range) in Self.sources(floors) {
                let part = hours.clipped(to: range)
                guard !part.isEmpty else { continue }
                try await target.replace(
                    series, in: part, by: record.row.series, interval, of: old.reader)
                kept.formUnion(try await hoursWithBuckets(record.row.series, part))
            }
        }
        try await target.writer.addUncovered(uncovered)
        return kept.count
    }

    /// Where nothing says how much of a sum is the lost lines' share, the larger sum holds: totals never
    /// fall.
    private func amend(_ records: [SeriesRecord]) async throws -> [SeriesID: SeriesID] {
        var amendment = SeriesAmendment(try await SeriesRecord.all(of: target))
        try await target.amend { flush in
            for record in records {
                let counted = amendment.record(of: record.row.key)?.row.totals.count ?? 0
                amendment.take(
                    record, isNewer: record.row.totals.count > counted, into: &flush)
            }
        }
        return amendment.numbers
    }

    /// For each stretch of time the narrowest interval that is still kept: its buckets make those of the
    /// wider ones.
    private static func sources(
        _ floors: [Interval: Timestamp]
    ) -> [(interval: Interval, range: TimeRange)] {
        var sources: [(Interval, TimeRange)] = []
        var end = TimeRange.wholeCalendar.to
        for interval in Interval.allCases {
            let start =
                floors[interval].map(HourRanges.ceiling) ?? TimeRange.wholeCalendar.from
            if let range = TimeRange(from: start, to: end) { sources.append((interval, range)) }
            end = min(end, start)
        }
        return sources
    }

    /// A floor within a kept hour moves to that hour's end, since the hour is kept by wider buckets.
    private func raiseFloors(
        _ floors: [Interval: Timestamp], _ hours: HourRanges
    ) async throws {
        for (interval, floor) in floors {
            let end = HourRanges.ceiling(floor)
            guard let rest = TimeRange(from: floor, to: end), hours.overlaps(rest) else { continue }
            try await target.writer.raiseFloor(of: interval, to: end)
        }
    }

    private func hoursWithBuckets(
        _ series: SeriesID, _ hours: HourRanges
    ) async throws -> [Timestamp] {
        var starts: [Timestamp] = []
        for range in hours.ranges {
            var query = BucketQuery(
                series: [series], interval: .oneHour, range: range, bucketsMax: 50_000)
            query.withSketches = false
            repeat {
                let page = try await old.reader.buckets(query)
                starts += page.packed.entries.map(\.start)
                query.after = page.next
            } while query.after != nil
        }
        return starts
    }
}
