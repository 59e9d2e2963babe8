/// Spans and sizes as people write them.
enum Measures {
    /// `90s`, `30m`, `12h`, `7d`, `4w`.
    static func milliseconds(_ text: String) -> Int64? {
        scaled(
            text, by: ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000])
    }

    /// `500B`, `500MB`, `2GiB`: by 1000 or by 1024.
    static func bytes(_ text: String) -> Int64? {
        scaled(
            text,
            by: [
                "B": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
                "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
            ])
    }

    private static func scaled(_ text: String, by units: [String: Int64]) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int64(digits), let scale = units[String(text.dropFirst(digits.count))]
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: scale)
        return overflow ? nil : product
    }
}
