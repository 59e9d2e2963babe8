import Foundation

/// A metric with its tags.
struct NaiveSeries: Hashable {
    let metric: String
    /// Bytes, since `String` takes two spellings of `é` for one.
    let tags: [[UInt8]: [UInt8]]

    /// - Parameter tags: one without a value says nothing.
    init(_ metric: String, _ tags: [String: String]) {
        self.metric = metric
        var bytes: [[UInt8]: [UInt8]] = [:]
        for (key, value) in tags where !value.isEmpty { bytes[Array(key.utf8)] = Array(value.utf8) }
        self.tags = bytes
    }

    var overflow: NaiveSeries { NaiveSeries(metric, ["overflow": "true"]) }
}

/// One sample, or many of them.
struct NaiveBucket: Equatable {
    var count = 1
    var sum, min, max, last: Int128
    var lastTime: Int
    /// nil where a sender has added some up before.
    var values: [Int128]? = nil

    init(_ value: Int128, at time: Int) {
        (sum, min, max, last, lastTime, values) = (value, value, value, value, time, [value])
    }

    mutating func add(_ other: NaiveBucket) {
        count += other.count
        sum += other.sum
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        if (other.lastTime, other.last) > (lastTime, last) {
            (lastTime, last) = (other.lastTime, other.last)
        }
        if let others = other.values { values? += others } else { values = nil }
    }

    /// The value of nearest rank.
    func quantile(millionths: Int) -> Int128? {
        guard let sorted = values?.sorted() else { return nil }
        let rank = (millionths * sorted.count + 999_999) / 1_000_000
        return sorted[Swift.max(1, rank) - 1]
    }
}

struct NaivePlace: Hashable {
    let series: NaiveSeries
    /// Milliseconds.
    let interval, start: Int
}

/// A series' time among the live ones, in ids of lines.
struct NaiveAdmission: Hashable {
    let series: NaiveSeries
    let from: Int
    var to: Int?
}

struct NaiveTotals: Equatable {
    var count = 0
    var sum: Int128 = 0
    var lastSampleAt = 0
}
