import Foundation
import Testing

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

    @Test func `begins where the logarithm says`() {
        for (place, bits) in SketchIndex.boundaries.enumerated() {
            let boundary = Double(bitPattern: 1.0.bitPattern | bits)
            let power = exp2(Double(place) / 64)
            #expect((boundary - power).magnitude <= power.ulp)
            // Cut, not rounded: the root of the table's square is not above its own.
            if place.isMultiple(of: 2) {
                let root = Double(bitPattern: 1.0.bitPattern | SketchIndex.boundaries[place / 2])
                #expect(root * root < boundary.nextUp.nextUp.nextUp)
                #expect(root.nextUp * root.nextUp >= boundary)
            }
        }
        #expect(SketchIndex.boundaries.count == 64)
        #expect(SketchIndex.boundaries == SketchIndex.boundaries.sorted())
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
