internal import Rollup
internal import Storage
internal import TimeSeries

extension DerivedStore {
    private static let pageBucketsMax = 50_000

    /// Puts buckets of another store's series in the place of what this one has in these hours.
    ///
    /// Those of a wide interval go to wider ones too, and to narrower ones as far as their floors let them.
    func replace(
        _ series: SeriesID, in hours: HourRanges, by other: SeriesID, _ interval: Interval,
        of reader: DerivedReader
    ) async throws {
        for range in hours.ranges {
            var query = BucketQuery(
                series: [other], interval: interval, range: range,
                bucketsMax: Self.pageBucketsMax)
            repeat {
                let page = try await reader.buckets(query)
                // An hour is replaced as a whole.
                let buckets = try page.buckets().wholeHours(isLast: page.next == nil)
                query.after = page.next.flatMap { _ in buckets.last?.place }
                try await put(buckets, series)
            } while query.after != nil
        }
    }

    /// Removes what the store has of some series in these hours.
    func remove(_ series: [SeriesID], in hours: HourRanges) async throws {
        for range in hours.ranges {
            try await writer.replaceBuckets(of: series, in: range, by: BucketBatch(merging: []))
        }
    }

    private func put(_ buckets: [SeriesBucket], _ series: SeriesID) async throws {
        guard let first = buckets.first?.start, let last = buckets.last?.start,
            let hours = TimeRange(
                from: Interval.oneHour.bucketStart(of: first),
                to: HourRanges.ceiling(last.advanced(byMilliseconds: 1)))
        else { return }
        let moved = buckets.map {
            SeriesBucket(series: series, start: $0.start, bucket: $0.bucket)
        }
        try await writer.replaceBuckets(
            of: [series], in: hours, by: BucketBatch(merging: moved))
    }
}

extension [SeriesBucket] {
    /// Without those of the last hour, of which the next page may have more.
    fileprivate func wholeHours(isLast: Bool) -> [SeriesBucket] {
        guard !isLast, let last else { return self }
        let hour = Interval.oneHour.bucketStart(of: last.start)
        let whole = prefix { $0.start < hour }
        return whole.isEmpty ? self : Array(whole)
    }
}

extension SeriesBucket {
    fileprivate var place: BucketPlace { BucketPlace(series: series, start: start) }
}
