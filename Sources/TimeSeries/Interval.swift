/// The width of a bucket. Each is a whole number of minutes and divides a day, so a minute lies in exactly
/// one bucket of every interval.
public enum Interval: Int64, CaseIterable, Comparable, Sendable {
    case oneMinute = 60_000
    case threeMinutes = 180_000
    case fiveMinutes = 300_000
    case fifteenMinutes = 900_000
    case oneHour = 3_600_000

    public var milliseconds: Int64 { rawValue }

    /// As callers write it: `1m`, `3m`, `5m`, `15m`, `1h`.
    public var name: String {
        switch self {
        case .oneMinute: "1m"
        case .threeMinutes: "3m"
        case .fiveMinutes: "5m"
        case .fifteenMinutes: "15m"
        case .oneHour: "1h"
        }
    }

    public init?(name: some StringProtocol) {
        guard let interval = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = interval
    }

    /// The start of the bucket that a moment lies in: aligned to the epoch, also before 1970.
    public func bucketStart(of time: Timestamp) -> Timestamp {
        let offset = time.milliseconds % milliseconds
        return Timestamp(
            milliseconds: time.milliseconds - (offset < 0 ? offset + milliseconds : offset))
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
