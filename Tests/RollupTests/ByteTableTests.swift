import Testing

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
}
