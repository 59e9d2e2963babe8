import Foundation
import TestSupport
import TimeSeries
import Testing

@Suite struct `A quantity read from a number` {
    static func parts(_ text: String, digits: Int = 6) throws -> Int128 {
        let scale = try #require(QuantityScale(digits: digits))
        // Bytes around the token must not matter.
        let bytes = Array("9\(text)9".utf8)
        let range = 1..<(bytes.count - 1)
        return try Quantity(decimal: bytes.span, range: range, scale: scale).parts
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("0.0", 0), ("-0.000000", 0), ("0e400", 0), ("-0E-400", 0),
        ("1", 1_000_000), ("-1", -1_000_000), ("12.5", 12_500_000), ("-12.5e0", -12_500_000),
        ("1e2", 100_000_000), ("1E+2", 100_000_000), ("100e-2", 1_000_000), ("0.1", 100_000),
        ("0.000001", 1), ("-0.000001", -1), ("1e-6", 1), ("1000e-9", 1), ("0.001e-3", 1),
        ("123456.789012", 123_456_789_012), ("9007199254740993", 9_007_199_254_740_993_000_000),
        ("0.1e1", 1_000_000), ("1e007", 10_000_000_000_000), ("1e-400", 0), ("-1e-400", 0),
        ("1e-99999999999999999999", 0), ("0e99999999999999999999", 0),
    ])
    func `has its digits`(text: String, parts: Int128) throws {
        #expect(try Self.parts(text) == parts)
    }

    @Test(arguments: [
        ("0.0000005", 0), ("0.0000015", 2), ("0.0000025", 2), ("0.0000035", 4),
        ("-0.0000005", 0), ("-0.0000015", -2), ("-0.0000025", -2), ("5e-7", 0), ("15e-7", 2),
        ("0.00000050000000000000000000000000001", 1), ("0.00000049999999999999999999999", 0),
        ("0.0000024999999999999999999", 2), ("0.00000250000000000000000", 2),
        ("0.0000025000000000000001", 3), ("0.9999995", 1_000_000), ("0.9999994999", 999_999),
        ("4e-7", 0), ("6e-7", 1), ("0.6e-6", 1), ("9e-8", 0), ("99e-8", 1),
        ("1.0000005", 1_000_000), ("1.0000015", 1_000_002),
    ])
    func `is rounded half to even`(text: String, parts: Int128) throws {
        #expect(try Self.parts(text) == parts)
    }

    @Test(arguments: [
        ("123456789012345678.901234567891234567", 123_456_789_012_345_678_901_235),
        ("0.123456789012345678901234567890", 123_457),
        ("12345678901234567890.123456500000000000000000000000", 12_345_678_901_234_567_890_123_456),
        ("12345678901234567890.123457500000000000000000000000", 12_345_678_901_234_567_890_123_458),
        ("12345678901234567890.123456500000000000000000000001", 12_345_678_901_234_567_890_123_457),
        ("123456789012345678901234567890e-10", 12_345_678_901_234_567_890_123_457),
        ("0.000000000000000000000000000001e30", 1_000_000),
        ("99999999999999999999.9999994", 99_999_999_999_999_999_999_999_999),
    ])
    func `keeps 30 digits apart`(text: String, parts: Int128) throws {
        #expect(try Self.parts(text) == parts)
    }

    @Test(arguments: [
        "100000000000000000000", "1e20", "1.0e+20", "0.1e21", "100000000000000000000.0000004",
        "-100000000000000000000", "99999999999999999999.9999999",
    ])
    func `may be as large as 10²⁰ units`(text: String) throws {
        #expect(try Self.parts(text).magnitude == Quantity.magnitudeMax.magnitude)
    }

    @Test(arguments: [
        "100000000000000000001", "-100000000000000000001", "100000000000000000000.000001",
        "100000000000000000000.0000006", "1e21", "1.1e20", "-1e400", "1e99999999999",
        "1e99999999999999999999999999999999999", "0.0000000001e99999",
        "170141183460469231731687303715884105728",
        "340282366920938463463374607431768211456", "1234567890123456789012345678901234567890e-18",
    ])
    func `is refused above that, without a long loop`(text: String) {
        #expect(throws: QuantityFault.outOfRange) { try Self.parts(text) }
    }

    @Test(arguments: [
        "", "-", "+1", "--1", ".5", "1.", "-.5", "01", "00", "-01", "1e", "1e+", "1e-", "1.e1",
        "1.5.2", "1e5e5", "0x10", "1_000", "1,5", " 1", "1 ", "NaN", "Infinity", "-Infinity",
        "null",
        "true", "\"1\"", "１", "1e5.5", "1f", "e5",
    ])
    func `is refused where JSON has no such number`(text: String) {
        #expect(throws: QuantityFault.notANumber) { try Self.parts(text) }
    }

    @Test(arguments: [(6, 12), (7, 123), (8, 1_235), (9, 12_346)])
    func `is as fine as its scale`(digits: Int, parts: Int128) throws {
        #expect(try Self.parts("0.000012346", digits: digits) == parts)
        let limit = "1e\(26 - digits)"
        #expect(try Self.parts(limit, digits: digits) == Quantity.magnitudeMax)
        #expect(throws: QuantityFault.outOfRange) {
            try Self.parts("1.0000000001e\(26 - digits)", digits: digits)
        }
    }

    @Test func `takes time in proportion to its text`() throws {
        let zeros = String(repeating: "0", count: 100_000)
        #expect(try Self.parts("0.\(zeros)1e100001") == 1_000_000)
        #expect(try Self.parts("1\(zeros)e-100000") == 1_000_000)
        #expect(try Self.parts("1.\(zeros)1") == 1_000_000)
        #expect(try Self.parts("0.0000005\(zeros)1") == 1)
    }

    @Test(arguments: seeds(20, long: 2_000))
    func `is that of Foundation's decimals`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<50 {
            let digits = Int.random(in: 1...30, using: &random)
            let mantissa = (0..<digits).map { _ in String(random.pick(0...9)) }.joined()
            let exponent = Int.random(in: -40...(20 - digits), using: &random)
            let text = "\(random.pick(["", "-"]))1.\(mantissa)e\(exponent)"
            let decimal = try #require(Decimal(string: text)) * 1_000_000
            var (whole, source) = (Decimal(), decimal)
            NSDecimalRound(&whole, &source, 0, .bankers)
            #expect(try Self.parts(text) == Int128(whole.description), "\(text)")
        }
    }
}

@Suite struct `A quantity as text` {
    @Test(arguments: [
        (0, "0"), (1, "0.000001"), (-1, "-0.000001"), (10, "0.00001"), (1_000_000, "1"),
        (12_500_000, "12.5"), (-12_500_000, "-12.5"), (1_000_001, "1.000001"), (100_000, "0.1"),
        (1_100_000, "1.1"), (999_999, "0.999999"), (10_000_000, "10"),
        (100_000_000_000_000_000_000_000_000, "100000000000000000000"),
        (-99_999_999_999_999_999_999_999_999, "-99999999999999999999.999999"),
        (18_446_744_073_709_551_615, "18446744073709.551615"),
        (18_446_744_073_709_551_616, "18446744073709.551616"),
        (Int128.max, "170141183460469231731687303715884.105727"),
        (Int128.min, "-170141183460469231731687303715884.105728"),
    ])
    func `is the shortest exact decimal`(parts: Int128, text: String) {
        #expect(Quantity(parts: parts).decimal() == text)
        var bytes = Array("7".utf8)
        bytes.append(decimalOf: parts, scale: .millionths)
        #expect(bytes == Array("7\(text)".utf8))
    }

    @Test func `has the digits of its scale`() throws {
        #expect(Quantity(parts: 1).decimal(scale: .billionths) == "0.000000001")
        #expect(Quantity(parts: 1_500_000_000).decimal(scale: .billionths) == "1.5")
        let scale = try #require(QuantityScale(digits: 7))
        #expect(Quantity(parts: -123).decimal(scale: scale) == "-0.0000123")
    }

    @Test(arguments: seeds(20, long: 2_000))
    func `is read again as the same quantity`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<100 {
            let scale = try #require(QuantityScale(digits: random.pick(6...9)))
            let bound = Int128(1) << Int128(random.pick(1...86))
            let quantity = Quantity(parts: Int128.random(in: -bound...bound, using: &random))
            let text = quantity.decimal(scale: scale)
            #expect(try Quantity(decimal: text, scale: scale) == quantity, "\(text)")
            #expect(!text.contains(".") || !text.hasSuffix("0"))
        }
    }

    @Test func `is also that of whole numbers of 128 bits`() {
        for shift in Int128(0)..<127 {
            for value in [(1 << shift) - 1, 1 << shift, -(1 << shift)] as [Int128] {
                var bytes: [UInt8] = []
                bytes.append(decimal: value)
                #expect(String(decoding: bytes, as: UTF8.self) == String(value))
            }
        }
    }
}

@Suite struct `A quantity's scale` {
    @Test func `has six to nine digits`() {
        #expect((0...20).filter { QuantityScale(digits: $0) != nil } == [6, 7, 8, 9])
        #expect(QuantityScale(digits: 6) == .millionths)
        #expect(QuantityScale(digits: 9) == .billionths)
        #expect(
            (6...9).map { QuantityScale(digits: $0)?.partsPerUnit } == [
                1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
            ])
        #expect(QuantityScale.millionths.one.parts == 1_000_000)
    }

    @Test func `says how large whole numbers may be`() throws {
        #expect(try Quantity(units: -3) == Quantity(parts: -3_000_000))
        #expect(try Quantity(units: .max).decimal() == "9223372036854775807")
        #expect(try Quantity(units: .min).decimal() == "-9223372036854775808")
        #expect(throws: QuantityFault.outOfRange) {
            try Quantity(units: .max, scale: .billionths)
        }
    }
}
