internal import TimeSeries

/// A machine as text, to be stored and to go on from:
///
///     1 alert=3 since=… value=… peak=… … changes=…,…
///
/// The first number is the format's; a key that is missing is nil.
extension StatusMachine {
    static let format = "1"

    public var bytes: [UInt8] {
        var words = [Self.format, "phase=\(phase.rawValue)", "told=\(told.rawValue)"]
        words.append("since=\(since.milliseconds)")
        let times = [
            ("peak_at", peakAt), ("bad_alert", bad.alert), ("bad_critical", bad.critical),
            ("calm_alert", calm.alert), ("calm_critical", calm.critical),
            ("no_data", noDataSince),
        ]
        for (key, time) in times { if let time { words.append("\(key)=\(time.milliseconds)") } }
        for (key, value) in [("value", value), ("peak", peak)] {
            if let value { words.append("\(key)=\(value.parts)") }
        }
        if isDamped { words.append("damped=1") }
        if !changes.isEmpty {
            let list = changes.map { String($0.milliseconds) }.joined(separator: ",")
            words.append("changes=\(list)")
        }
        return Array(words.joined(separator: " ").utf8)
    }

    /// - Returns: nil where the bytes are of another format, or damaged.
    public init?(bytes: [UInt8]) {
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        guard words.first.map(String.init) == Self.format else { return nil }
        var values: [String: Substring] = [:]
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            values[String(parts[0])] = parts[1]
        }
        func time(_ key: String) -> Timestamp? {
            values[key].flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
        }
        func quantity(_ key: String) -> Quantity? {
            values[key].flatMap { Int128($0) }.map { Quantity(parts: $0) }
        }
        func phase(_ key: String) -> KPIPhase? {
            values[key].flatMap { Int($0) }.flatMap { KPIPhase(rawValue: $0) }
        }
        guard let now = phase("phase"), let told = phase("told"), let since = time("since") else {
            return nil
        }
        self.init(at: since)
        (self.phase, self.told) = (now, told)
        (value, peak, peakAt) = (quantity("value"), quantity("peak"), time("peak_at"))
        bad = PerLevel(alert: time("bad_alert"), critical: time("bad_critical"))
        calm = PerLevel(alert: time("calm_alert"), critical: time("calm_critical"))
        noDataSince = time("no_data")
        isDamped = values["damped"] == "1"
        changes = (values["changes"] ?? "").split(separator: ",").compactMap { Int64($0) }
            .map { Timestamp(milliseconds: $0) }
    }
}
