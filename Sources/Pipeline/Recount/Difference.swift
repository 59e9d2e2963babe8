internal import Catalogue
internal import Rollup
internal import TimeSeries

/// A row that is not what the log says.
public struct Difference: Codable, Equatable, Sendable {
    public enum Kind: String, Codable, Sendable {
        case bucket, series, state, index
    }

    public let kind: Kind
    /// Of a bucket: `5m`.
    public var interval: String?
    /// `tool.calls{"source_app":"web","tool":"Bash"}`; what it is, for a row of state.
    public let name: String
    /// Of a bucket, RFC 3339.
    public var start: String?
    /// Nil where there is no such row.
    public let stored: String?
    public let recounted: String?
}

/// The first differences of many.
struct Differences: Sendable {
    static let shownMax = 20

    private(set) var shown: [Difference] = []

    mutating func append(_ difference: @autoclosure () -> Difference) {
        if shown.count < Self.shownMax { shown.append(difference()) }
    }
}

// MARK: Rows as text

extension Bucket {
    /// `count 2, sum 7.5, min 3, max 4.5, last 3 at 2026-11-22T14:00:12.000Z, sketch 1f0a…`
    func text(_ scale: QuantityScale) -> String {
        func decimal(_ parts: Int128) -> String { Quantity(parts: parts).decimal(scale: scale) }
        let numbers =
            "count \(count), sum \(decimal(sum)), min \(decimal(min.parts)), "
            + "max \(decimal(max.parts)), last \(decimal(last.parts)) at \(lastTime)"
        return sketch.map { "\(numbers), sketch \($0.fingerprint)" } ?? numbers
    }
}

extension Sketch {
    /// Tells two sketches apart whose bucket has the same numbers.
    fileprivate var fingerprint: String {
        let hash = String(StableHash(blob.span).high >> 32, radix: 16)
        return String(repeating: "0", count: 8 - hash.count) + hash
    }
}

extension SeriesRecord {
    /// `number 3, counter, live since 17, count 5, sum 5, last sample at …; in all its life count 5, …`
    var text: String {
        let places = admissions.map { admission in
            admission.retiredAt.map { "from \(admission.admittedAt) to \($0)" }
                ?? "since \(admission.admittedAt)"
        }
        let totals = row.totals
        return "number \(row.series.value), \(row.kind.rawValue), scale \(row.scale.digits), "
            + "live \(places.joined(separator: ", ")), count \(totals.count), "
            + "sum \(Quantity(parts: totals.sum).decimal(scale: row.scale)), "
            + "last counted at \(totals.lastSampleAt); "
            + "its life: \(life?.text(row.scale) ?? "none")"
    }
}
