import TimeSeries
import Testing

@Suite struct `A moment in a query` {
    private static let now = Timestamp(milliseconds: 1_738_319_400_123)

    private static func parse(_ text: String) -> String? {
        TimeExpression.parse(text, now: now)?.description
    }

    @Test(arguments: [
        ("now", "2025-01-31T10:30:00.123Z"),
        ("-0s", "2025-01-31T10:30:00.123Z"),
        ("-1s", "2025-01-31T10:29:59.123Z"),
        ("-90s", "2025-01-31T10:28:30.123Z"),
        ("-1m", "2025-01-31T10:29:00.123Z"),
        ("-1h", "2025-01-31T09:30:00.123Z"),
        ("-24h", "2025-01-30T10:30:00.123Z"),
        ("-7d", "2025-01-24T10:30:00.123Z"),
        ("-2w", "2025-01-17T10:30:00.123Z"),
        ("+1h", "2025-01-31T11:30:00.123Z"),
        ("-007d", "2025-01-24T10:30:00.123Z"),
        ("2025-01-31T10:30:00+01:00", "2025-01-31T09:30:00.000Z"),
        ("0", "1970-01-01T00:00:00.000Z"),
        ("1738319400", "2025-01-31T10:30:00.000Z"),
        ("1738319400123", "2025-01-31T10:30:00.123Z"),
        // The border between seconds and milliseconds.
        ("99999999999", "5138-11-16T09:46:39.000Z"),
        ("100000000000", "1973-03-03T09:46:40.000Z"),
        ("253402300799999", "9999-12-31T23:59:59.999Z"),
    ])
    func `is read as people write it`(text: String, moment: String) {
        #expect(Self.parse(text) == moment)
    }

    @Test(arguments: [
        "", " ", "-", "+", "h", "-h", "-1", "1h", "--1h", "+-1h", "-1H", "-1M", "-1y", "-1 h",
        "- 1h",
        "-1.5h", "-1hh", "-1h30m", "-0x1h", "now-1h", "NOW", "now ", " now", "yesterday", "1e3",
        "1738319400.5", "-1738319400", "0x10", "１", "2025-01-31", "2025-01-31T10:30:00",
        "253402300800000", "9223372036854775807", "9223372036854775808", "-9223372036854775807w",
        "-9223372036854775808s", "+9223372036854775807s", "-99999999w", "+99999999w", "-9d9",
    ])
    func `is refused in any other form, or out of the calendar`(text: String) {
        #expect(Self.parse(text) == nil)
    }

    /// `Int64.init` takes a sign of its own.
    @Test(arguments: ["+5", "-+5h", "++5h", "-0", "+0"])
    func `has one sign at most, and only before a span`(text: String) {
        #expect(Self.parse(text) == nil)
    }
}
