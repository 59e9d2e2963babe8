@testable import Intake
import Testing
import TestSupport

@Suite struct `A search for literals` {
    private typealias Literal = LiteralSearch.Literal

    private static func isFound(_ literals: [Literal], _ text: [UInt8], _ range: Range<Int>) -> Bool
    {
        LiteralSearch(literals).isFound(in: text.span, range)
    }

    /// Compares at every place, one byte after the other.
    private static func naive(_ literals: [Literal], _ text: [UInt8], _ range: Range<Int>)
        -> [[Int]]
    {
        range.map { start in
            literals.indices.filter { index in
                let literal = literals[index]
                guard start + literal.text.count <= range.upperBound else { return false }
                return zip(literal.text, text[start...]).allSatisfy { wanted, byte in
                    let isUpper = (0x41...0x5A).contains(byte)
                    return wanted == (literal.ignoresCase && isUpper ? byte + 0x20 : byte)
                }
            }
        }
    }

    @Test(arguments: seeds(40, long: 4_000))
    func `finds what a naive search finds`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let small = Array("abz-".utf8)
        let literals: [Literal] = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            let count = Int.random(in: 3...12, using: &random)
            return Literal(
                text: (0..<count).map { _ in random.pick(small) },
                ignoresCase: random.isOnce(in: 2))
        }
        let search = LiteralSearch(literals)
        let letters = small + Array("ABZ".utf8)
        for _ in 0..<30 {
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in random.pick(letters)
            }
            let start = Int.random(in: 0...text.count, using: &random)
            let range = start..<Int.random(in: start...text.count, using: &random)
            let expected = Self.naive(literals, text, range)
            let isFound = search.isFound(in: text.span, range)
            #expect(
                isFound == expected.contains { !$0.isEmpty }, "\(literals) in \(text)[\(range)]")
            let found = range.map { search.literals(at: $0, in: text.span, range) }
            #expect(found == expected)
        }
    }

    private static let defaults = LiteralSearch(SecretRule.defaults.map(\.literal))

    @Test(arguments: SecretRule.defaults.map(\.literal.text))
    func `finds every literal at every place, and only within its range`(literal: [UInt8]) {
        let search = Self.defaults
        for length in 0..<9 {
            let text = [UInt8](repeating: 0x2E, count: length) + literal + [0x2E, 0x2E]
            let end = length + literal.count
            func isFound(_ range: Range<Int>) -> Bool { search.isFound(in: text.span, range) }
            #expect(isFound(0..<text.count))
            #expect(isFound(0..<end))
            #expect(isFound(length..<end))
            // Some begin with what another is: `sk-ant-` with `sk-`. Those are found still.
            let isOwn = SecretRule.defaults.allSatisfy { rule in
                rule.literal.text == literal || !Self.holds(literal.dropLast(), rule.literal.text)
            }
            #expect(isFound(0..<(end - 1)) != isOwn)
            let isOwnTail = SecretRule.defaults.allSatisfy { rule in
                rule.literal.text == literal || !Self.holds(literal.dropFirst(), rule.literal.text)
            }
            #expect(isFound((length + 1)..<text.count) != isOwnTail)
        }
    }

    private static func holds(_ text: ArraySlice<UInt8>, _ part: [UInt8]) -> Bool {
        text.indices.contains { text[$0...].starts(with: part) }
    }

    @Test func `minds case where it is told to`() {
        let exact: [Literal] = [Literal(text: Array("key-".utf8), ignoresCase: false)]
        let folded: [Literal] = [Literal(text: Array("key-".utf8), ignoresCase: true)]
        for (text, isExact) in [("key-", true), ("KEY-", false), ("kEy-", false), ("Key-", false)] {
            let bytes = Array(text.utf8)
            #expect(Self.isFound(exact, bytes, 0..<4) == isExact)
            #expect(Self.isFound(folded, bytes, 0..<4))
        }
        // The bytes that differ from letters as capitals do, but are none.
        let signs = [Literal(text: Array("`a{-".utf8), ignoresCase: true)]
        for text in ["@a[-", "`a[-", "@a{-", "`a{\r"] {
            let bytes = Array((text + "0123456789").utf8)
            #expect(!Self.isFound(signs, bytes, 0..<bytes.count), "\(text)")
        }
        let bytes = Array("`A{-0123456789".utf8)
        #expect(Self.isFound(signs, bytes, 0..<bytes.count))
    }

    /// A team may have many kinds of keys.
    @Test(arguments: [10, 100, 2_000])
    func `takes as many literals as a file may name`(count: Int) {
        let search = LiteralSearch(
            Self.many(count) + SecretRule.defaults.map(\.literal))
        for literal in Self.many(count) {
            let text = Array("the key is ".utf8) + literal.text
            let isFound = search.isFound(in: text.span, 0..<text.count)
            #expect(isFound)
        }
    }

    /// They differ in every letter.
    private static func many(_ count: Int) -> [Literal] {
        (0..<count).map { number in
            let letters = [number / 676, number / 26, number].map { UInt8(0x41 + $0 % 26) }
            return Literal(text: letters + Array("-".utf8), ignoresCase: false)
        }
    }
}
