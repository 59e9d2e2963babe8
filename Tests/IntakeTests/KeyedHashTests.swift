import Intake
import Testing
import TestSupport

@Suite struct `A keyed hash` {
    private static let hash = KeyedHash(key: (0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210))

    private static func hash(_ bytes: [UInt8], by hash: KeyedHash = hash) -> KeyedHash.Value {
        hash.hash(bytes.span)
    }

    @Test func `is the same for the same bytes, wherever they stand`() {
        var random = SplitMix64(seed: 1)
        for length in 0..<70 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let value = Self.hash(bytes)
            #expect(Self.hash(bytes) == value)
            for shift in 1..<9 {
                let around = [UInt8](repeating: 0xA5, count: shift)
                #expect(Self.part(around + bytes + around, shift..<(shift + length)) == value)
            }
        }
    }

    private static func part(_ bytes: [UInt8], _ range: Range<Int>) -> KeyedHash.Value {
        hash.hash(bytes.span.extracting(range))
    }

    @Test func `changes in both halves with every single bit`() {
        var random = SplitMix64(seed: 2)
        for length in [1, 7, 8, 9, 16, 31, 64] {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let value = Self.hash(bytes)
            var flipped = (high: 0, low: 0)
            for bit in 0..<(length * 8) {
                var other = bytes
                other[bit / 8] ^= 1 << UInt8(bit % 8)
                let otherValue = Self.hash(other)
                let high = (value.high ^ otherValue.high).nonzeroBitCount
                let low = (value.low ^ otherValue.low).nonzeroBitCount
                #expect(high > 8 && low > 8, "bit \(bit) of \(length) bytes")
                flipped = (flipped.high + high, flipped.low + low)
            }
            // About half of all bits change.
            #expect((27...37).contains(flipped.high / (length * 8)), "\(length) bytes")
            #expect((27...37).contains(flipped.low / (length * 8)), "\(length) bytes")
        }
    }

    @Test func `changes with every bit of its key`() {
        let bytes = Array("tidemark".utf8)
        var values: Set<KeyedHash.Value> = []
        for bit in UInt64(0)..<64 {
            values.insert(Self.hash(bytes, by: KeyedHash(key: (1 << bit, 0))))
            values.insert(Self.hash(bytes, by: KeyedHash(key: (0, 1 << bit))))
        }
        #expect(values.count == 128)
    }

    @Test func `tells a text from the same with zeros behind it`() {
        for text in [[], [0], Array("a".utf8), Array("12345678".utf8), Array("123456789".utf8)]
            as [[UInt8]]
        {
            var values: Set<KeyedHash.Value> = []
            for zeros in 0..<40 {
                values.insert(Self.hash(text + [UInt8](repeating: 0, count: zeros)))
            }
            #expect(values.count == 40)
        }
    }

    @Test func `has no collisions among keys that differ little`() {
        let count = isLongRun ? 5_000_000 : 200_000
        var values: Set<KeyedHash.Value> = []
        var high: Set<UInt64> = []
        var low: Set<UInt64> = []
        var bytes = Array("backend-api\u{B}\u{0}\u{0}\u{0}toolu_00000000".utf8)
        let place = bytes.count - 8
        for number in 0..<count {
            for digit in 0..<8 {
                bytes[place + digit] = UInt8(ascii: "a") + UInt8((number >> (digit * 3)) & 7)
            }
            let value = Self.hash(bytes)
            values.insert(value)
            high.insert(value.high)
            low.insert(value.low)
        }
        #expect(values.count == count)
        #expect(high.count == count)
        #expect(low.count == count)
    }

    @Test func `spreads such keys evenly over a table`() {
        var buckets = [Int](repeating: 0, count: 1_024)
        for number in 0..<65_536 {
            let value = Self.hash(Array("event-\(number)".utf8))
            buckets[Int(value.low & 1_023)] += 1
        }
        // 64 each on average, eight the standard deviation.
        #expect(buckets.allSatisfy { (16...112).contains($0) })
    }

    @Test func `has a shorter form that tells as much apart`() {
        var random = SplitMix64(seed: 3)
        for length in 0..<70 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 32...126, using: &random) }
            var digests: Set<UInt64> = [Self.digest(bytes)]
            #expect(digests.contains(Self.digest(bytes)))
            for bit in 0..<(length * 8) {
                var other = bytes
                other[bit / 8] ^= 1 << UInt8(bit % 8)
                digests.insert(Self.digest(other))
            }
            // JSON holds no zeros, so they need not count; all else behind a text does.
            for more in 1..<20 {
                digests.insert(Self.digest(bytes + [UInt8](repeating: 0x20, count: more)))
            }
            #expect(digests.count == length * 8 + 20)
        }
        let keys = [(1, 0), (0, 1), (2, 0), (0, 2)] as [(UInt64, UInt64)]
        let ofKeys = keys.map { Self.digest(Array("tidemark".utf8), by: KeyedHash(key: $0)) }
        #expect(Set(ofKeys).count == keys.count)
    }

    private static func digest(_ bytes: [UInt8], by hash: KeyedHash = hash) -> UInt64 {
        hash.digest(bytes.span)
    }
}
