public import Rollup
public import TimeSeries

/// A number that is judged once a minute: where it comes from, and what is too much of it.
///
/// Thresholds and values are in millionths of the metric's unit, whatever scale the metric has.
public struct KPIDefinition: Equatable, Sendable {
    public var name: String
    /// One sentence for whoever is woken up.
    public var text = ""
    public var source: Source
    /// All keys must hold; of a key's values any.
    public var tags: [String: Set<String>] = [:]
    /// Each combination of these tags' values is judged for itself.
    public var groupBy: [String] = []
    public var windowMilliseconds: Int64 = 300_000
    public var good = Direction.below
    /// Beyond it, in the bad direction, all is not as wanted; nobody is told.
    public var target: Quantity?
    public var alert: Quantity
    public var critical: Quantity?
    /// Once alert, or critical, it stays so until the value is back beyond these.
    public var clearAlert, clearCritical: Quantity?
    /// How long the value must be bad before it counts.
    public var forMilliseconds: Int64 = 0
    /// How long the value must be good again before it counts.
    public var keepFiringMilliseconds: Int64 = 0
    /// Where it does not hold the value is on target, whatever it is.
    public var guarding: Guard?
    public var noData = NoDataPolicy.keep
    /// How long `keep` keeps.
    public var noDataMillisecondsMax: Int64 = 3_600_000
    public var damping: Damping?
    public var labels: [String: String] = [:]

    public init(name: String, source: Source, alert: Quantity) {
        self.name = name
        self.source = source
        self.alert = alert
    }

    public enum Source: Equatable, Sendable {
        case metric(String, Aggregation)
        /// Of counters the sums, of others how many samples there were.
        case ratio(of: String, to: String)
    }

    /// What the samples of a window become.
    public enum Aggregation: Equatable, Sendable {
        case avg, sum, min, max, last
        /// Per second: of counters the sum, of others how many samples there were.
        case rate
        case quantile(Quantile)
    }

    public enum Direction: String, CaseIterable, Sendable {
        case below, above
    }

    /// A condition on another metric, over the same window; without samples it does not hold.
    public struct Guard: Equatable, Sendable {
        public var metric: String
        public var aggregation: Aggregation
        public var isAbove: Bool
        public var bound: Quantity

        public init(_ metric: String, _ aggregation: Aggregation, isAbove: Bool, bound: Quantity) {
            self.metric = metric
            self.aggregation = aggregation
            self.isAbove = isAbove
            self.bound = bound
        }

        /// - Parameter value: nil where there are no samples.
        public func holds(_ value: Quantity?) -> Bool {
            guard let value else { return false }
            return isAbove ? value > bound : value < bound
        }
    }

    /// What a window without samples means.
    public enum NoDataPolicy: String, CaseIterable, Sendable {
        /// What was known last, for a while; then the episode expires.
        case keep
        case alert
        case ok
    }

    /// Who changes more often than this is not told of until it rests for as long.
    public struct Damping: Equatable, Sendable {
        public var changesMax: Int
        public var withinMilliseconds: Int64

        public init(changesMax: Int, withinMilliseconds: Int64) {
            self.changesMax = changesMax
            self.withinMilliseconds = withinMilliseconds
        }
    }
}

// MARK: Names

extension KPIDefinition.Aggregation {
    /// As people write it: `avg`, `p95`.
    public init?(name: String) {
        switch name {
        case "avg": self = .avg
        case "sum": self = .sum
        case "min": self = .min
        case "max": self = .max
        case "last": self = .last
        case "rate": self = .rate
        default:
            guard let quantile = Quantile(name: name) else { return nil }
            self = .quantile(quantile)
        }
    }

    public var name: String {
        switch self {
        case .avg: "avg"
        case .sum: "sum"
        case .min: "min"
        case .max: "max"
        case .last: "last"
        case .rate: "rate"
        case .quantile(let quantile): quantile.name
        }
    }
}

// MARK: Faults

extension KPIDefinition {
    public static let nameBytesMax = 100
    public static let groupTagsMax = 4
    /// A window is read from buckets of a minute.
    public static let windowMillisecondsMax: Int64 = 24 * 3_600_000

    /// What a definition says that cannot be meant, by key.
    public func faults() -> [(key: String, message: String)] {
        var faults: [(key: String, message: String)] = []
        if name.isEmpty || name.utf8.count > Self.nameBytesMax || !MetricName.isValid(name) {
            faults.append(("name", "must be letters, digits and _ . - / : and begin with a letter"))
        }
        let minute = Interval.oneMinute.milliseconds
        if windowMilliseconds < minute || windowMilliseconds % minute != 0
            || windowMilliseconds > Self.windowMillisecondsMax
        {
            faults.append(("window", "must be whole minutes, from 1m to 24h"))
        }
        if groupBy.count > Self.groupTagsMax {
            faults.append(("group_by", "must not have more than \(Self.groupTagsMax) tags"))
        }
        faults += thresholdFaults()
        if let damping, damping.changesMax < 1 || damping.withinMilliseconds < minute {
            faults.append(("damping", "must allow one change or more, within a minute or more"))
        }
        return faults
    }

    private func thresholdFaults() -> [(key: String, message: String)] {
        var faults: [(key: String, message: String)] = []
        let order = good == .below ? "less" : "more"
        if let target, isWorse(target, than: alert) {
            faults.append(("target", "must not be \(good == .below ? "more" : "less") than alert"))
        }
        if let critical, isWorse(alert, than: critical) {
            faults.append(("critical", "must not be \(order) than alert"))
        }
        if let clearAlert, isWorse(clearAlert, than: alert) {
            faults.append(("clear", "alert must be back on the good side of the threshold"))
        }
        if let clearCritical {
            if critical == nil {
                faults.append(("clear", "critical needs a critical threshold"))
            } else if let critical, isWorse(clearCritical, than: critical) {
                faults.append(("clear", "critical must be back on the good side of the threshold"))
            }
        }
        return faults
    }

    func isWorse(_ value: Quantity, than other: Quantity) -> Bool {
        good == .below ? value > other : value < other
    }
}
