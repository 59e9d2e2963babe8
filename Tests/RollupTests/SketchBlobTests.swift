import Rollup
import TestSupport
import TimeSeries
import Testing

@Suite struct `A sketch's bytes` {
    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }

    private static func read(_ bytes: [UInt8]) throws -> Sketch { try Sketch(blob: bytes.span) }

    @Test(arguments: [
        ([], "50 00"),
        ([50], "50 01 d2 05 01"),
        ([1], "50 01 01 01"),
        ([0], "70 01 00"),
        ([-1], "50 00 01 01 01"),
        ([2, 4, 4, 3], "50 03 7e 01 25 01 19 02"),
        ([0, 0, -2, 1, 100], "70 02 02 01 01 a9 03 01 01 7e 01"),
    ])
    func `are these`(units: [Int64], bytes: String) throws {
        let sketch = Sketch(of: try units.map { try Quantity(units: $0) })
        #expect(Self.hex(sketch.blob) == bytes)
        #expect(try Self.read(sketch.blob) == sketch)
    }

    @Test func `say how coarse it is`() throws {
        var sketch = Sketch(of: [Quantity(parts: 50_000_000)])
        let headers = (-10...6).reversed().map { resolution in
            sketch.coarsen(to: resolution)
            return sketch.blob[0]
        }
        #expect(headers == (0x40...0x50).reversed())
        #expect(Self.hex(sketch.blob) == "40 01 00 01")
    }

    @Test(arguments: Samples.allCases, seeds(5, long: 300))
    func `are read again as the same sketch`(samples: Samples, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let count = random.pick([0, 1, 5, 500, 10_000])
        var sketch = Sketch(of: samples.quantities(count, &random))
        if random.isOnce(in: 2) { sketch.coarsen(to: random.pick(-10...6)) }
        var output: [UInt8] = [7]
        sketch.appendBlob(to: &output)
        #expect(output == [7] + sketch.blob)
        #expect(try Self.read(sketch.blob) == sketch)
    }

    @Test func `stay few for the few values of a minute`() {
        var random = SplitMix64(seed: 1)
        for (count, bytes) in [(1, 5), (5, 20), (20, 60), (100, 220)] {
            let sketch = Sketch(of: Samples.lognormal.quantities(count, &random))
            #expect(sketch.blob.count <= bytes)
        }
    }

    @Test(arguments: [
        ("", SketchFault.truncated), ("50", .truncated), ("50 01", .truncated),
        ("50 01 d2", .truncated), ("50 01 d2 05", .truncated), ("70", .truncated),
        ("00 00", .unknownVersion), ("10 00", .unknownVersion), ("90 00", .unknownVersion),
        ("d0 00", .unknownVersion), ("51 00", .unknownResolution), ("5f 00", .unknownResolution),
        ("70 00 00", .emptyCount), ("50 01 02 00", .emptyCount), ("50 00 00", .emptyCount),
        ("50 01 d2 05 01 00", .emptyCount), ("50 80 00", .invalidNumber),
        ("50 01 82 00 01", .invalidNumber), ("50 01 02 81 80 00", .invalidNumber),
        ("50 01 02 ff ff ff ff ff ff ff ff ff 02", .invalidNumber),
        ("50 01 02 ff ff ff ff ff ff ff ff ff 81 00", .invalidNumber),
        ("50 81 10 02 01", .tooManyEntries),
        ("50 ff ff ff ff ff ff ff ff ff 01", .tooManyEntries),
        ("50 01 80 80 01 01", .indexOutOfRange), ("50 01 ff ff ff ff 0f 01", .indexOutOfRange),
        ("50 01 80 80 80 80 10 01", .indexOutOfRange),
        ("50 02 01 01 ff ff ff ff ff ff ff ff ff 01 01", .indexOutOfRange),
        ("50 02 01 01 ff ff ff ff 07 01", .indexOutOfRange),
        ("50 02 01 01 ff ff ff ff 0f 01", .indexOutOfRange),
        ("50 01 d2 05 01 01 d2 05 01 00", .trailingBytes), ("50 00 01 02 01 01", .trailingBytes),
    ])
    func `are refused in any other spelling`(bytes: String, fault: SketchFault) {
        let blob = bytes.split(separator: " ").compactMap { UInt8($0, radix: 16) }
        #expect(throws: fault) { try Self.read(blob) }
    }

    @Test func `are refused wherever they are cut`() throws {
        var random = SplitMix64(seed: 3)
        let blob = Sketch(of: Samples.signed.quantities(300, &random)).blob
        for length in 0..<blob.count {
            // Without its negative side it is a sketch again.
            if let sketch = try? Self.read(Array(blob[..<length])) {
                #expect(sketch.negative.entries.isEmpty)
                #expect(sketch.blob.count == length)
            }
        }
    }

    /// There is one spelling: what is read at all is written again byte by byte.
    @Test(arguments: seeds(20, long: 5_000))
    func `never trap, whatever they are`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let good = Sketch(
            of: random.pick(Samples.allCases).quantities(random.pick(0...40), &random))
        for _ in 0..<200 {
            var bytes = good.blob
            for _ in 0..<random.pick(1...3) { Self.damage(&bytes, &random) }
            guard let sketch = try? Self.read(bytes) else { continue }
            #expect(sketch.blob == bytes)
            var merged = good
            merged.merge(sketch)
            _ = merged.quantile(.p99, min: .zero, max: Quantity(parts: Quantity.magnitudeMax))
            #expect(try Self.read(merged.blob) == merged)
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        let place = random.pick(0...bytes.count)
        switch random.pick(0...3) {
        case 0: bytes.insert(random.pick(0...255), at: place)
        case 1 where place < bytes.count: bytes.remove(at: place)
        case 2 where place < bytes.count: bytes[place] ^= 1 << random.pick(UInt8(0)...7)
        case 3: bytes = (0..<place).map { _ in random.pick(0...255) }
        default: bytes.append(random.pick([0, 1, 0x7F, 0x80, 0xFF]))
        }
    }
}
