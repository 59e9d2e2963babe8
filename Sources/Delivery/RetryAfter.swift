public import TimeSeries

/// What a `Retry-After` says: seconds, or a date as `Wed, 21 Oct 2015 07:28:00 GMT`.
public enum RetryAfter: Equatable, Sendable {
    case seconds(Int64)
    case date(Timestamp)

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// nil where it is neither.
    public init?(_ text: String) {
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // As good as never; it is cut to a limit anyway.
            self = .seconds(Int64(text) ?? Int64(Int32.max))
            return
        }
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT",
            let month = Self.months.firstIndex(of: String(parts[2])),
            parts[1].utf8.count == 2, parts[3].utf8.count == 4
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        guard let date = Timestamp(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z") else {
            return nil
        }
        self = .date(date)
    }

    func milliseconds(from now: Timestamp) -> Int64 {
        switch self {
        case .seconds(let seconds): min(seconds, Int64(Int32.max)) * 1_000
        case .date(let date): max(0, date.milliseconds - now.milliseconds)
        }
    }
}
