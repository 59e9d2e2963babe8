import Foundation

extension NaiveTwin {
    mutating func addSamples(_ line: [String: Any]) {
        for case let group as [String: Any] in line["samples"] as? [Any] ?? [] {
            let metric = group["metric"] as? String ?? ""
            let kind = group["kind"] as? String ?? ""
            if kinds[metric] == nil { kinds[metric] = kind }
            guard kinds[metric] == kind else { continue }
            let series = NaiveSeries(metric, group["tags"] as? [String: String] ?? [:])
            for case let point as [Any] in group["points"] as? [Any] ?? [] {
                let isCumulative = group["temporality"] != nil
                add(point, of: series, isCounter: kind == "counter", isCumulative)
            }
        }
    }

    private mutating func add(
        _ point: [Any], of series: NaiveSeries, isCounter: Bool, _ isCumulative: Bool
    ) {
        let digits = digits[series.metric] ?? 6
        guard let time = NaiveJSON.integer(point[0]),
            let sample = Self.sample(point[1], at: time, digits), !isCounter || sample.min >= 0
        else { return }
        guard isCumulative else { return observe(series, sample) }
        guard let increase = increase(of: series, to: sample.last, at: time) else { return }
        observe(series, NaiveBucket(increase, at: time))
    }

    private static func sample(_ value: Any, at time: Int, _ digits: Int) -> NaiveBucket? {
        guard let sums = value as? [String: Any], let count = NaiveJSON.integer(sums["count"])
        else { return NaiveNumber.parts(value, digits).map { NaiveBucket($0, at: time) } }
        let parts = ["sum", "min", "max", "last"].compactMap { NaiveNumber.sum(sums[$0], digits) }
        guard parts.count == 4 else { return nil }
        var bucket = NaiveBucket(parts[3], at: time)
        (bucket.count, bucket.sum, bucket.min, bucket.max) = (count, parts[0], parts[1], parts[2])
        // Three values or fewer follow from their sum and extremes.
        let values = [parts[1], parts[2], parts[0] - parts[1] - parts[2]].prefix(count)
        bucket.values = sums["sketch"] == nil ? nil : Array(values)
        return bucket
    }

    /// nil for the first reading, and for one that is not newer than the last.
    private mutating func increase(
        of series: NaiveSeries, to value: Int128, at time: Int
    ) -> Int128? {
        let tags = series.tags.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let key = [Array(series.metric.utf8)] + tags.flatMap { [$0.key, $0.value] }
        let last = readings.find(key)
        if let last, last.time >= time { return nil }
        readings.keep(NaiveHalves.Half(key: key, id: id, time: time, value: value))
        return last.map { value < $0.value ? value : value - $0.value }
    }

    /// Entries count events, or say how fine a metric is.
    mutating func takeCatalogue(_ line: [String: Any]) {
        counters = [:]
        let catalogue = line["catalogue"] as? [String: Any]
        for case let entry as [String: Any] in catalogue?["metrics"] as? [Any] ?? [] {
            let (name, kind) = (entry["name"] as? String ?? "", entry["kind"] as? String ?? "")
            let digits = NaiveJSON.integer(entry["scale"]) ?? 6
            if kinds[name] == nil { (kinds[name], self.digits[name]) = (kind, digits) }
            guard kinds[name] == kind, self.digits[name] ?? 6 == digits,
                let source = entry["source"] as? [String: Any]
            else { continue }
            counters[source["type"] as? String ?? "", default: []].append(name)
        }
    }
}
