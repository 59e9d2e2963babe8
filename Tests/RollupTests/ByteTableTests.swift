import Testing
import TestSupport

@testable import Rollup

@Suite struct `A table of texts` {
    @Test(arguments: seeds(5, long: 200))
    func `finds what a dictionary finds`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var table = ByteTable(seed: seed)
        var numbers: [[UInt8]: Int] = [:]
        for _ in 0..<2_000 {
            // Short and long ones, many the beginning of another, with zeros at the end.
            let length = random.pick([0, 1, 7, 8, 9, 16, 40])
            var text = [UInt8](repeating: 0, count: length)
            for place in text.indices where random.isOnce(in: 8) {
                text[place] = random.pick(0...2)
            }
            #expect(table.number(of: text.span) == numbers[text])
            guard numbers[text] == nil else { continue }
            numbers[text] = table.insert(text.span)
        }
        #expect(numbers.values.sorted() == Array(0..<table.count))
        for (text, number) in numbers { #expect(table.text(number) == text) }
    }

    @Test func `grows without losing any`() {
        var table = ByteTable(seed: 0)
        for number in 0..<5_000 {
            let text = Array(String(number).utf8)
            #expect(table.insert(text.span) == number)
        }
        for number in 0..<5_000 {
            let text = Array(String(number).utf8)
            if table.number(of: text.span) != number { Issue.record("\(number)") }
        }
    }

    @Test func `tells texts apart whose slots hold the same`() throws {
        var (met, twins): ([UInt64: Int], (Int, Int)?) = ([:], nil)
        for number in 0..<400_000 where twins == nil {
            let text = Self.text(number)
            let hash = text.span.hash(seed: 5) >> 32
            if let other = met.updateValue(number, forKey: hash) { twins = (other, number) }
        }
        let (one, other) = try #require(twins)
        let (first, second) = (Self.text(one), Self.text(other))
        var table = ByteTable(seed: 5)
        #expect(table.insert(first.span) == 0)
        #expect(table.number(of: second.span) == nil)
        #expect(table.insert(second.span) == 1)
        #expect(table.number(of: first.span) == 0)
        #expect(table.number(of: second.span) == 1)
    }

    private static func text(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0.prefix(5)) }
    }
}

@Suite struct `Two texts` {
    private static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.span.isEqual(to: other.span)
    }

    private static func hash(_ text: [UInt8], _ seed: UInt64) -> UInt64 {
        text.span.hash(seed: seed)
    }

    @Test func `are equal where all their bytes are`() {
        for length in 0..<40 {
            let text = (0..<length).map { UInt8($0) }
            #expect(Self.areEqual(text, text))
            for place in text.indices {
                var other = text
                other[place] ^= 0x80
                #expect(!Self.areEqual(text, other))
                #expect(Self.hash(text, 1) != Self.hash(other, 1))
            }
            let longer = text + [0]
            #expect(!Self.areEqual(text, longer) && !Self.areEqual(longer, text))
            #expect(Self.hash(text, 1) != Self.hash(longer, 1))
            #expect(Self.hash(text, 1) != Self.hash(text, 2))
        }
    }
}
