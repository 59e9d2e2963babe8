/// Which share of the values lies at or below: p95 is 95 of 100.
///
/// A whole number of millionths, so that ranks are exact: 0.95 has no exact `Double`.
public struct Quantile: Hashable, Comparable, Sendable {
    public let millionths: UInt32

    public static let p50 = Quantile(of: 500_000)
    public static let p90 = Quantile(of: 900_000)
    public static let p95 = Quantile(of: 950_000)
    public static let p99 = Quantile(of: 990_000)

    /// - Returns: nil above 1,000,000.
    public init?(millionths: UInt32) {
        guard millionths <= 1_000_000 else { return nil }
        self.millionths = millionths
    }

    private init(of millionths: UInt32) {
        self.millionths = millionths
    }

    /// Reads `p50`, `p99.9`, `p100`: a percentage with at most four digits after the point.
    public init?(name: some StringProtocol) {
        guard name.first == "p" else { return nil }
        let parts = name.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        let digits = parts.joined()
        let after = parts.count == 2 ? parts[1].count : 0
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }), after <= 4,
            digits.utf8.count <= 7, digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }),
            let number = UInt32(digits)
        else { return nil }
        self.init(millionths: (after..<4).reduce(number) { product, _ in product * 10 })
    }

    /// As it is read: `p50`, `p99.9`.
    public var name: String {
        let (percent, rest) = millionths.quotientAndRemainder(dividingBy: 10_000)
        guard rest > 0 else { return "p\(percent)" }
        var digits = String(rest + 10_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "p\(percent).\(digits)"
    }

    /// The nearest rank among so many values: from 1 on.
    public func rank(of count: UInt64) -> UInt64 {
        let (small, overflow) = count.multipliedReportingOverflow(by: UInt64(millionths))
        // Nearly all counts: a division of 64 bits is some ten times as fast as one of 128.
        guard overflow || small > .max - 999_999 else {
            return max(1, (small + 999_999) / 1_000_000)
        }
        let product = UInt128(count) * UInt128(millionths)
        return max(1, UInt64((product + 999_999) / 1_000_000))
    }

    public static func < (left: Self, right: Self) -> Bool { left.millionths < right.millionths }
}
