internal import TimeSeries

/// The unit of the timestamps in a body of line protocol: `?precision=`.
public enum InfluxPrecision: Sendable, CaseIterable {
    case nanoseconds, microseconds, milliseconds, seconds, minutes, hours

    /// - Parameter name: as InfluxDB's versions have it: `ns` or `n`, `us` or `u`, `ms`, `s`, `m`, `h`.
    public init?(name: String) {
        switch name {
        case "ns", "n": self = .nanoseconds
        case "us", "u", "µs", "µ": self = .microseconds
        case "ms": self = .milliseconds
        case "s": self = .seconds
        case "m": self = .minutes
        case "h": self = .hours
        default: return nil
        }
    }

    /// Fractions of a millisecond are cut off, towards the past.
    /// - Returns: nil where the moment is no `Timestamp`.
    func timestamp(_ value: Int64) -> Timestamp? {
        let milliseconds: Int64
        switch self {
        case .nanoseconds: milliseconds = Self.floor(value, 1_000_000)
        case .microseconds: milliseconds = Self.floor(value, 1_000)
        case .milliseconds: milliseconds = value
        case .seconds, .minutes, .hours:
            let (product, overflow) = value.multipliedReportingOverflow(by: unitMilliseconds)
            if overflow { return nil }
            milliseconds = product
        }
        let time = Timestamp(milliseconds: milliseconds)
        return Timestamp.representable.contains(time) ? time : nil
    }

    private var unitMilliseconds: Int64 {
        switch self {
        case .hours: 3_600_000
        case .minutes: 60_000
        default: 1_000
        }
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
