/// A moment as people write it in a query: RFC 3339, epoch seconds or milliseconds, `now`, `-1h`, `-7d`.
public enum TimeExpression {
    /// Epoch numbers from here on are milliseconds: as seconds they would lie after the year 5138.
    public static let millisecondsFrom: Int64 = 100_000_000_000

    /// - Returns: nil where the text is none of these.
    public static func parse(_ text: String, now: Timestamp) -> Timestamp? {
        if text == "now" { return now }
        if let number = digits(text) {
            let scale: Int64 = number >= millisecondsFrom ? 1 : 1_000
            let time = Timestamp(milliseconds: number * scale)
            return Timestamp.representable.contains(time) ? time : nil
        }
        return relative(text, now) ?? Timestamp(rfc3339: text)
    }

    private static func relative(_ text: String, _ now: Timestamp) -> Timestamp? {
        guard let sign = text.first, sign == "-" || sign == "+", let unit = text.last,
            let scale = unitMilliseconds[unit], let count = digits(text.dropFirst().dropLast())
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        let (sum, carry) = now.milliseconds.addingReportingOverflow(
            sign == "-" ? -product : product)
        let time = Timestamp(milliseconds: sum)
        return !carry && Timestamp.representable.contains(time) ? time : nil
    }

    /// A number without a sign.
    private static func digits(_ text: some StringProtocol) -> Int64? {
        text.utf8.first.map { $0 >= UInt8(ascii: "0") } == true ? Int64(text) : nil
    }

    private static let unitMilliseconds: [Character: Int64] = [
        "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]
}
