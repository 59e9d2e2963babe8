import Foundation

import TestSupport
import TimeSeries
import Testing

@testable import Rollup

@Suite struct `A quantile of a sketch` {
    private static let asked = [
        0, 1, 100_000, 500_000, 900_000, 950_000, 990_000, 999_000, 1_000_000,
    ]

    @Test(arguments: Samples.allCases, [1, 2, 5, 100, 3_000])
    func `is as near as the sketch says`(samples: Samples, count: Int) throws {
        for seed in seeds(3, long: 100) {
            var random = SplitMix64(seed: seed)
            let values = samples.quantities(count, &random).sorted()
            let sketch = Sketch(of: values)
            for asked in Self.asked {
                let quantile = try #require(Quantile(millionths: UInt32(asked)))
                let exact = values[Int(quantile.rank(of: UInt64(count))) - 1]
                let told = try #require(
                    sketch.quantile(quantile, min: values[0], max: values[count - 1]))
                let error = abs(told.asDouble() - exact.asDouble())
                // Half a part is what rounding to the scale may add; the rest is for the last
                // place of the floating point numbers that are compared.
                let allowed =
                    exact.asDouble().magnitude * (sketch.relativeErrorMax + 1e-12) + 0.5e-6
                #expect(error <= allowed, "\(told.decimal()) for \(exact.decimal())")
            }
        }
    }

    @Test func `is the value itself where there is one`() throws {
        for parts in [0, 1, -1, 54_321_987, -Quantity.magnitudeMax, Quantity.magnitudeMax] {
            let value = Quantity(parts: parts)
            let sketch = Sketch(of: [value, value, value])
            #expect(sketch.quantile(.p50, min: value, max: value) == value)
        }
    }

    @Test func `is in the order of the numbers, from the most negative on`() throws {
        let values = [-900, -30, -2, 0, 5, 70, 1_000].map { Quantity(parts: $0 * 1_000_000) }
        let sketch = Sketch(of: values.reversed())
        for (place, value) in values.enumerated() {
            let quantile = try #require(Quantile(millionths: UInt32(place * 1_000_000 / 7 + 1)))
            let told = try #require(sketch.quantile(quantile, min: values[0], max: values[6]))
            #expect(abs(told.asDouble() - value.asDouble()) <= value.asDouble().magnitude * 0.0055)
        }
    }

    @Test func `is none of nothing`() {
        #expect(Sketch().quantile(.p50, min: .zero, max: .zero) == nil)
    }

    @Test func `does not trap on extremes that do not fit`() {
        let sketch = Sketch(of: [Quantity(parts: 5_000_000)])
        let (low, high) = (Quantity(parts: 7_000_000), Quantity(parts: 6_000_000))
        #expect(sketch.quantile(.p50, min: low, max: high) == low)
    }

    @Test func `of entries that lie above any quantity is one`() throws {
        for resolution in UInt8(0)...16 {
            let index = SketchIndex.domain(resolution: Int(resolution) - 10).upperBound
            var blob: [UInt8] = [0x40 | resolution, 1]
            var number = UInt64(index) * 2
            while number >= 0x80 {
                blob.append(UInt8(number & 0x7F) | 0x80)
                number >>= 7
            }
            blob += [UInt8(number), 1]
            let sketch = try Sketch(blob: blob.span)
            let most = Quantity(parts: Quantity.magnitudeMax)
            let least = Quantity(parts: -Quantity.magnitudeMax)
            let told = try #require(sketch.quantile(.p50, min: least, max: most))
            #expect(told.isInRange && told.parts > 0)
        }
    }
}

@Suite struct `How many values lie at or below a bound` {
    @Test(arguments: Samples.allCases, seeds(3, long: 100))
    func `is told but for those that the sketch can not tell apart`(
        samples: Samples, seed: UInt64
    ) {
        var random = SplitMix64(seed: seed)
        let values = samples.quantities(500, &random)
        let sketch = Sketch(of: values)
        for bound in values.prefix(50) {
            // Twice the error: a value and the bound may lie on either side of a middle.
            let slack = bound.asDouble().magnitude * 2.1 * sketch.relativeErrorMax + 1e-6
            let (low, high) = (bound.asDouble() - slack, bound.asDouble() + slack)
            let told = Int(sketch.count(atMost: bound))
            #expect(told >= values.count { $0.asDouble() < low })
            #expect(told <= values.count { $0.asDouble() <= high })
        }
    }

    @Test func `is none below all, and all above`() {
        let sketch = Sketch(of: [-5, 0, 0, 7].map { Quantity(parts: $0 * 1_000_000) })
        let bounds = [-6, -1, 0, 1, 8].map { Quantity(parts: $0 * 1_000_000) }
        #expect(bounds.map { sketch.count(atMost: $0) } == [0, 1, 3, 3, 4])
    }
}

@Suite struct `A quantile` {
    @Test(
        arguments: [
            (Quantile.p50, 1, 1), (.p50, 2, 1), (.p50, 3, 2), (.p95, 20, 19), (.p95, 100, 95),
            (.p95, 101, 96), (.p99, 100, 99), (.p99, 101, 100), (.p90, 10, 9), (.p50, 0, 1),
            (.p50, .max, 9_223_372_036_854_775_808),
        ] as [(Quantile, UInt64, UInt64)])
    func `has the nearest rank`(quantile: Quantile, count: UInt64, rank: UInt64) {
        #expect(quantile.rank(of: count) == rank)
    }

    @Test func `at either end is an extreme`() throws {
        let (least, most) = try (
            #require(Quantile(millionths: 0)), #require(Quantile(millionths: 1_000_000))
        )
        #expect(least.rank(of: 1_000) == 1)
        #expect(most.rank(of: 1_000) == 1_000)
        #expect(most.rank(of: .max) == .max)
        #expect(Quantile(millionths: 1_000_001) == nil)
    }

    @Test(
        arguments: [
            ("p50", 500_000), ("p95", 950_000), ("p99.9", 999_000), ("p99.99", 999_900), ("p0", 0),
            ("p100", 1_000_000), ("p07", 70_000), ("p0.0001", 1), ("p99.9999", 999_999),
        ] as [(String, UInt32)])
    func `is read from its name`(name: String, millionths: UInt32) {
        #expect(Quantile(name: name)?.millionths == millionths)
    }

    @Test func `has its shortest name`() {
        let names = ["p0", "p0.0001", "p7", "p50", "p99.9", "p99.99", "p99.9999", "p100"]
        #expect(names.map { Quantile(name: $0)?.name } == names)
        for millionths in stride(from: UInt32(0), through: 1_000_000, by: 1_237) {
            let quantile = Quantile(millionths: millionths)
            #expect(quantile.flatMap { Quantile(name: $0.name) } == quantile)
        }
    }

    @Test(arguments: [
        "", "p", "50", "P50", "p-1", "p+5", "p101", "p100.1", "p50.", "p.5", "p5.5.5", "p99.99999",
        "p5０", "p5 ", "p1e1", "p00000000050",
    ])
    func `has no other name`(name: String) {
        #expect(Quantile(name: name) == nil)
    }
}
