import Foundation
import Testing
import TestSupport

@testable import Rollup

@Suite struct `The entry of a value` {
    @Test func `has powers of two as its upper bound`() {
        for exponent in -64..<128 {
            let power = exp2(Double(exponent))
            let index = Int32(exponent * 64)
            #expect(SketchIndex.index(of: power) == index - 1)
            #expect(SketchIndex.index(of: power.nextDown) == index - 1)
            #expect(SketchIndex.index(of: power.nextUp) == index)
        }
        #expect(SketchIndex.index(of: 1) == -1)
    }

    /// In whole numbers: of 53 bits, to the 64th power, against a power of two.
    @Test func `begins at the roots of two, cut to 52 bits`() {
        #expect(SketchIndex.boundaries.count == 64)
        for (place, bits) in SketchIndex.boundaries.enumerated() {
            let boundary = 1 << 52 | bits
            let power = 52 * 64 + place
            #expect(place == 0 || Self.bitWidth(ofPower64: boundary) == power)
            #expect(Self.bitWidth(ofPower64: boundary + 1) == power + 1)
        }
    }

    /// How many bits the 64th power of a number has.
    private static func bitWidth(ofPower64 number: UInt64) -> Int {
        var limbs = [number & 0xFFFF_FFFF, number >> 32]
        for _ in 0..<6 { limbs = square(limbs) }
        let top = limbs.lastIndex { $0 != 0 } ?? 0
        return top * 32 + 64 - limbs[top].leadingZeroBitCount
    }

    /// Of numbers of 32 bits each, the lowest first.
    private static func square(_ limbs: [UInt64]) -> [UInt64] {
        var product = [UInt64](repeating: 0, count: limbs.count * 2)
        for (low, left) in limbs.enumerated() {
            var carry: UInt64 = 0
            for (high, right) in limbs.enumerated() {
                let sum = product[low + high] + left * right + carry
                product[low + high] = sum & 0xFFFF_FFFF
                carry = sum >> 32
            }
            product[low + limbs.count] = carry
        }
        return product
    }

    @Test func `changes at each boundary and nowhere else`() {
        for (place, bits) in SketchIndex.boundaries.enumerated() {
            let boundary = Double(bitPattern: 1.0.bitPattern | bits)
            #expect(SketchIndex.index(of: boundary) == Int32(place) - 1)
            #expect(SketchIndex.index(of: boundary.nextUp) == Int32(place))
        }
    }

    @Test(arguments: seeds(10, long: 1_000))
    func `holds the value between its bounds`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let exponent = Int.random(in: -64..<128, using: &random)
            let value = Double.random(in: 1..<2, using: &random) * exp2(Double(exponent))
            let index = SketchIndex.index(of: value)
            #expect(SketchIndex.lowerBound(of: index, resolution: 6) < value)
            #expect(value <= SketchIndex.lowerBound(of: index + 1, resolution: 6))
            #expect(SketchIndex.domain(resolution: 6).contains(index) || value == exp2(-64))
            let logarithm = Int32(ceil(log2(value) * 64)) - 1
            #expect(abs(index - logarithm) <= 1)
            for coarser in -10..<6 {
                let shifted = index >> Int32(6 - coarser)
                let (low, high) = (
                    SketchIndex.lowerBound(of: shifted, resolution: coarser),
                    SketchIndex.lowerBound(of: shifted + 1, resolution: coarser)
                )
                #expect(low < value && value <= high)
                #expect(SketchIndex.domain(resolution: coarser).contains(shifted))
            }
        }
    }
}
