import Foundation
import TestSupport
import TimeSeries
import Testing

@Suite struct `A quantity made of a floating point number` {
    @Test(arguments: [
        (0, 0), (-0.0, 0), (1, 1_000_000), (-12.5, -12_500_000), (0.1, 100_000),
        (0.1 + 0.2, 300_000), (0.5e-6, 0), (1.5e-6, 2), (.leastNonzeroMagnitude, 0), (1e-300, 0),
        (-1e-7, 0),
        (0x1p-7, 7_812), (0x3p-7, 23_438), (0x1p66, 73_786_976_294_838_206_464_000_000),
        (1e20, 100_000_000_000_000_000_000_000_000),
    ])
    func `is the nearest part, half to even`(value: Double, parts: Int128) throws {
        #expect(try Quantity(value).parts == parts)
    }

    @Test(arguments: [1e20.nextUp, -1e21, 0x1p70, 1e300, .greatestFiniteMagnitude])
    func `is refused out of range`(value: Double) {
        #expect(throws: QuantityFault.outOfRange) { try Quantity(value) }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, .signalingNaN])
    func `is refused where it is not finite`(value: Double) {
        #expect(throws: QuantityFault.notANumber) { try Quantity(value) }
    }

    /// A `Double` has an exact decimal expansion; printed in full it must be the same quantity.
    @Test(arguments: seeds(20, long: 2_000))
    func `is that of its exact decimal`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<50 {
            let exponent = Double(Int.random(in: -60...65, using: &random))
            let value = Double.random(in: -1...1, using: &random) * exp2(exponent)
            let text = String(format: "%.130f", value)
            #expect(try Quantity(value) == Quantity(decimal: text), "\(text)")
        }
    }
}

@Suite struct `A quantity as a floating point number` {
    @Test func `is exact at every power of two that it can be`() throws {
        for exponent in -6...66 {
            let value = exp2(Double(exponent))
            #expect(try Quantity(value).asDouble() == value)
        }
        for exponent in -9...56 {
            let value = exp2(Double(exponent))
            let quantity = try Quantity(value, scale: .billionths)
            #expect(quantity.asDouble(scale: .billionths) == value)
        }
    }

    @Test(arguments: seeds(20, long: 2_000))
    func `is the nearest one but for one place`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<100 {
            let bound = Int128(1) << Int128(random.pick(1...86))
            let quantity = Quantity(parts: Int128.random(in: -bound...bound, using: &random))
            let nearest = try #require(Double(quantity.decimal()))
            let ours = quantity.asDouble()
            #expect((ours - nearest).magnitude <= nearest.ulp)
            if quantity.parts.magnitude < 1 << 53 { #expect(ours == nearest) }
        }
    }
}

@Suite struct `A 128-bit number as bytes` {
    static func bytes(_ value: Int128) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(ordered: value)
        return bytes
    }

    @Test func `is big-endian with its sign bit flipped`() {
        #expect(Self.bytes(0) == [0x80] + Array(repeating: 0, count: 15))
        #expect(Self.bytes(-1) == [0x7F] + Array(repeating: 0xFF, count: 15))
        #expect(Self.bytes(.min) == Array(repeating: 0, count: 16))
        #expect(Self.bytes(.max) == Array(repeating: 0xFF, count: 16))
        #expect(Self.bytes(0x0102_0304).suffix(5) == [0, 1, 2, 3, 4])
    }

    @Test(arguments: seeds(10, long: 500))
    func `has the order of its number, and is read again`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var values: [Int128] = [.min, -1, 0, 1, .max]
        for _ in 0..<100 {
            let bound = Int128(1) << Int128(random.pick(1...126))
            values.append(Int128.random(in: -bound...bound, using: &random))
        }
        let sorted = values.map(Self.bytes).sorted { $0.lexicographicallyPrecedes($1) }
        #expect(sorted.map { Int128(ordered: $0.span) } == values.sorted())
    }

    @Test(arguments: [0, 1, 15, 17])
    func `is 16 of them`(count: Int) {
        let bytes = [UInt8](repeating: 1, count: count)
        #expect(Int128(ordered: bytes.span) == nil)
    }
}
