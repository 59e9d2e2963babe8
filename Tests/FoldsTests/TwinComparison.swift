import Catalogue
import Folds
import Foundation
import Rollup
import Storage
import TimeSeries

/// Where a store says something else than a twin.
struct TwinComparison {
    private(set) var differences: [String] = []
    private let twin: NaiveTwin

    init(_ store: DerivedStore, _ twin: NaiveTwin) async throws {
        self.twin = twin
        let stored = FoldState(try await store.reader.restore())
        let series = stored.series.map { NaiveSeries($0.key) }
        compareForms(stored.series, series)
        compareWaiting(stored.observer.entries)
        compare(zip(series, stored.series.map { NaiveTotals($0.totals) }), twin.totals)
        let admissions = try await store.reader.admissions()
            .map { (NaiveAdmission(series[Int($0.series.value)], $0), true) }
        compare(admissions, Dictionary(twin.admissions.map { ($0, true) }) { $1 })
        var buckets: [(NaivePlace, Bucket)] = []
        for interval in Interval.allCases {
            buckets += try await store.rows(interval).map { row in
                (NaivePlace(series[Int(row.series.value)], interval, row.start), row.bucket)
            }
        }
        let numbers = twin.buckets.mapValues(\.withoutValues)
        compare(buckets.map { ($0, NaiveBucket($1)) }, numbers)
        for (place, bucket) in buckets { compareQuantiles(place, bucket) }
    }

    /// Each key once, each value `==`.
    private mutating func compare<Key: Hashable, Value: Equatable>(
        _ found: some Sequence<(Key, Value)>, _ expected: [Key: Value]
    ) {
        var missing = expected
        for (key, value) in found {
            if let wanted = missing.removeValue(forKey: key) {
                if value != wanted { differences.append("\(key): \(value), not \(wanted)") }
            } else {
                differences.append("\(key): once too often")
            }
        }
        differences += missing.keys.map { "\($0): missing" }
    }

    private mutating func compareForms(_ rows: [SeriesRow], _ series: [NaiveSeries]) {
        for (row, series) in zip(rows, series) {
            let digits = twin.digits[series.metric] ?? 6
            if row.kind.rawValue != twin.kinds[series.metric] || row.scale.digits != digits {
                differences.append("\(series): \(row.kind), \(row.scale.digits) digits")
            }
        }
    }

    /// What waits for later lines, by all but its keys.
    private mutating func compareWaiting(_ entries: [ObserverState.Entry]) {
        let lists = [twin.starts, twin.ends, twin.requests, twin.permissionEnds, twin.readings]
        for (place, list) in lists.enumerated() {
            let expected = list.halves.map { "\($0.id) \($0.time) \($0.value)" }
            // What is too old may stand there until another of its kind comes.
            let oldest = place < 4 ? twin.id - twin.limits.joinDistance : 0
            let found = entries.filter { $0.row.rawValue == place + 1 && $0.id.value >= oldest }
                .map { "\($0.id.value) \($0.time.milliseconds) \($0.value)" }
            if found.sorted() != expected.sorted() {
                differences.append("waiting \(place + 1): \(found), not \(expected)")
            }
        }
    }

    private mutating func compareQuantiles(_ place: NaivePlace, _ bucket: Bucket) {
        guard let exact = twin.buckets[place] else { return }
        let hasValues = exact.values != nil && twin.kinds[place.series.metric] != "counter"
        guard (bucket.sketch != nil) == hasValues else {
            return differences.append("\(place): a sketch, or none")
        }
        guard hasValues else { return }
        let digits = twin.digits[place.series.metric] ?? 6
        let scale = QuantityScale(digits: digits) ?? .millionths
        for millionths in [0, 100_000, 500_000, 950_000, 990_000, 1_000_000] {
            let wanted = exact.quantile(millionths: millionths)
            let quantile = Quantile(millionths: UInt32(millionths))
            let found = quantile.flatMap { bucket.quantile($0, scale: scale)?.parts }
            guard let wanted, let found, Self.isClose(found, to: wanted) else {
                differences.append("\(place), \(millionths): \(found ?? 0), not \(wanted ?? 0)")
                continue
            }
        }
    }

    /// Within 0.5416 % (half of what lies between 2^(i/64) and the next one), and half a part.
    private static func isClose(_ found: Int128, to exact: Int128) -> Bool {
        let distance = (found - exact).magnitude * 100_000
        return distance <= exact.magnitude * 542 + 50_000
    }
}

// MARK: From stored rows

extension NaiveSeries {
    /// - Parameter key: `tool.calls{"source_app":"web"}`
    fileprivate init(_ key: [UInt8]) {
        let name = key.prefix { $0 != UInt8(ascii: "{") }
        let tags = try? JSONSerialization.jsonObject(with: Data(key.dropFirst(name.count)))
        self.init(
            String(decoding: name, as: UTF8.self), tags as? [String: String] ?? ["?": "?"])
    }
}

extension NaiveTotals {
    fileprivate init(_ totals: SeriesTotals) {
        self.init(
            count: Int(totals.count), sum: totals.sum,
            lastSampleAt: Int(totals.lastSampleAt.milliseconds))
    }
}

extension NaiveAdmission {
    fileprivate init(_ series: NaiveSeries, _ admission: Admission) {
        self.init(
            series: series, from: Int(admission.admittedAt.value),
            to: admission.retiredAt.map { Int($0.value) })
    }
}

extension NaivePlace {
    fileprivate init(_ series: NaiveSeries, _ interval: Interval, _ start: Timestamp) {
        self.init(
            series: series, interval: Int(interval.milliseconds), start: Int(start.milliseconds))
    }
}

extension NaiveBucket {
    fileprivate init(_ bucket: Bucket) {
        self.init(bucket.last.parts, at: Int(bucket.lastTime.milliseconds))
        (count, sum) = (Int(bucket.count), bucket.sum)
        (min, max, values) = (bucket.min.parts, bucket.max.parts, nil)
    }

    fileprivate var withoutValues: NaiveBucket {
        var bucket = self
        bucket.values = nil
        return bucket
    }
}

// MARK: Telling

extension NaiveSeries: CustomStringConvertible {
    var description: String {
        let texts = tags.map { key, value in
            String(decoding: key, as: UTF8.self) + "=" + String(decoding: value, as: UTF8.self)
        }
        return metric + "{" + texts.sorted().joined(separator: ",") + "}"
    }
}
