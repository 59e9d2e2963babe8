internal import TimeSeries

/// What a metric is called in an exposition, and by what its numbers are divided.
///
/// | unit | behind the name | divided by |
/// |---|---|---|
/// | `ms` | `_seconds` | 1000 |
/// | `By` | `_bytes` | – |
/// | `1/s` | `_per_second` | – |
/// | `USD` | `_usd` | – |
///
/// Counters end in `_total` (OpenMetrics 1.0, "Counter"). A name that has its unit already keeps it.
struct ExpositionName: Hashable {
    let family: String
    /// Of the family and of all its samples.
    let names: Set<String>
    let isInMilliseconds: Bool

    init(_ metric: String, _ kind: MetricKind, unit: String) {
        var name = Self.sanitized(metric)
        isInMilliseconds = unit == "ms"
        if let suffix = Self.suffixes[unit], !name.hasSuffix(suffix) { name += suffix }
        if kind == .counter, !name.hasSuffix("_total") { name += "_total" }
        family = name
        names =
            switch kind {
            case .counter, .gauge: [name]
            case .distribution: Set(["", "_bucket", "_sum", "_count"].map { name + $0 })
            }
    }

    private static let suffixes = [
        "ms": "_seconds", "By": "_bytes", "1/s": "_per_second", "USD": "_usd",
    ]

    /// Dots and all else that may not stand in a name or a label become `_`.
    static func sanitized(_ text: String) -> String {
        let letters = text.utf8.map { byte in
            let isAllowed =
                byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
            return isAllowed ? byte : UInt8(ascii: "_")
        }
        let name = String(decoding: letters, as: UTF8.self)
        return name.first?.isNumber == true ? "_" + name : name
    }
}
