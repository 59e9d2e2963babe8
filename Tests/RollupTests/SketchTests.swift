import Rollup
import TestSupport
import TimeSeries
import Testing

@Suite struct `A sketch` {
    @Test(arguments: Samples.allCases, seeds(5, long: 200))
    func `is the same in whatever order its values come`(samples: Samples, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let values = samples.quantities(random.pick([1, 30, 1_000, 12_000]), &random)
        let sketch = Sketch(of: values)
        #expect(sketch.count == UInt64(values.count))
        #expect(Sketch(of: values.shuffled(using: &random)).blob == sketch.blob)
        #expect(Sketch(of: values.sorted()) == sketch)
        #expect(Sketch(of: values.sorted().reversed()) == sketch)
    }

    @Test(arguments: Samples.allCases, seeds(5, long: 200))
    func `is the same in whatever parts it is merged`(samples: Samples, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let values = samples.quantities(random.pick([2, 30, 1_000, 12_000]), &random)
        let whole = Sketch(of: values)
        // Parts of very different sizes, so that some had to be coarsened and some not.
        var parts = [Sketch()]
        for value in values {
            if random.isOnce(in: random.pick([2, 5_000])) { parts.append(Sketch()) }
            parts[random.isOnce(in: 3) ? random.pick(parts.indices) : 0].add(value)
        }
        while parts.count > 1 {
            let part = parts.remove(at: random.pick(parts.indices))
            parts[random.pick(parts.indices)].merge(part)
        }
        #expect(parts[0] == whole)
        #expect(parts[0].blob == whole.blob)
    }

    /// All that a quantity may be: some 5,200 entries at resolution 6.
    @Test(arguments: [(QuantityScale.millionths, 4), (.billionths, 4)])
    func `is coarsened until its entries fit`(scale: QuantityScale, resolution: Int) {
        var sketch = Sketch()
        var (parts, resolutions): (Double, [Int]) = (1, [])
        while parts < 1e26 {
            sketch.add(Quantity(parts: Int128(parts)), scale: scale)
            sketch.add(Quantity(parts: -Int128(parts)), scale: scale)
            if resolutions.last != sketch.resolution { resolutions.append(sketch.resolution) }
            parts *= 1.002
        }
        #expect(resolutions == [6, 5, 4])
        #expect(sketch.resolution == resolution)
        #expect(sketch.positive == sketch.negative)
        #expect((1_100...2_048).contains(sketch.positive.entries.count))
    }

    @Test(arguments: [1, -1] as [Int128])
    func `has room for 2,048 entries on a side`(sign: Int128) {
        var sketch = Sketch()
        var (parts, most): (Double, Int) = (1e6, 0)
        while sketch.resolution == 6 {
            let entries = sign > 0 ? sketch.positive.entries : sketch.negative.entries
            most = max(most, entries.count)
            sketch.add(Quantity(parts: Int128(parts) * sign))
            parts *= 1.005
        }
        #expect(most == Sketch.entriesMax && most == 2_048)
        let entries = sign > 0 ? sketch.positive.entries : sketch.negative.entries
        // 2,049 neighbours are 1,025 pairs.
        #expect(entries.count == 1_025)
        #expect(sketch.resolution == 5)
    }

    @Test(arguments: Samples.allCases, -10...5)
    func `is coarsened exactly`(samples: Samples, resolution: Int) {
        var random = SplitMix64(seed: UInt64(resolution + 20))
        let values = samples.quantities(300, &random)
        var coarsened = Sketch(of: values)
        coarsened.coarsen(to: resolution)
        // Counted at that resolution from the first value on.
        var coarse = Sketch()
        coarse.coarsen(to: resolution)
        for value in values { coarse.add(value) }
        #expect(coarsened == coarse)
        #expect(coarse.resolution == resolution)
        // A coarse one makes a fine one coarse, from either side.
        var (left, right) = (Sketch(of: values), coarse)
        left.merge(coarse)
        right.merge(Sketch(of: values))
        #expect(left == right)
        #expect(left.resolution == resolution && left.count == 600)
    }

    @Test func `counts zero and both signs apart`() {
        let values = [0, 5, -5, 5, 0, 0, -7].map { Quantity(parts: $0) }
        let sketch = Sketch(of: values)
        #expect(sketch.zeroCount == 3)
        #expect(sketch.positive.count == 2)
        #expect(sketch.negative.count == 2)
        #expect(sketch.positive.entries.count == 1)
        #expect(sketch.negative.entries.count == 2)
        #expect(sketch.positive.entries[0].index == sketch.negative.entries[0].index)
        #expect(!sketch.isEmpty && Sketch().isEmpty)
    }

    @Test func `keeps the ends of what a quantity may be`() {
        for scale in [QuantityScale.millionths, .billionths] {
            let ends = [1, Quantity.magnitudeMax, -1, -Quantity.magnitudeMax]
            let sketch = Sketch(of: ends.map { Quantity(parts: $0) }, scale: scale)
            #expect(sketch.count == 4)
            #expect(sketch.positive.entries.map(\.count) == [1, 1])
            #expect(sketch.positive == sketch.negative)
            let range = sketch.positive.entries.map(\.index)
            #expect(range == (scale == .millionths ? [-1_276, 4_252] : [-1_914, 3_614]))
        }
    }

    @Test func `is not above its stated error at any resolution`() {
        var sketch = Sketch()
        #expect(sketch.relativeErrorMax < 0.005416)
        let errors = (-10...6).reversed().map { resolution in
            sketch.coarsen(to: resolution)
            return sketch.relativeErrorMax
        }
        #expect(errors == errors.sorted())
        #expect(errors[1] < 0.01084)
        #expect(errors[2] < 0.02166)
        #expect(errors[6] == 1.0 / 3)
        #expect(errors[16] == 1)
    }

    @Test func `never counts past the largest number`() throws {
        let blob: [UInt8] = [0x50, 1, 0] + Array(repeating: 0xFF, count: 9) + [1]
        var sketch = try Sketch(blob: blob.span)
        #expect(sketch.count == .max)
        sketch.add(Quantity(parts: 1_000_001))
        sketch.merge(sketch)
        #expect(sketch.count == .max)
        sketch.add(.zero)
        #expect(sketch.count == .max)
        sketch.coarsen(to: 0)
        #expect(sketch.count == .max)
        #expect(sketch.quantile(.p99, min: .zero, max: Quantity(parts: 9_000_000)) != nil)
    }
}
