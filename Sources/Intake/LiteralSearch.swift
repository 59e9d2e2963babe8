/// Is any of these short texts in there? Built for «no», the answer for nearly every event.
///
/// Every second pair of neighbouring bytes is looked up in a table of 65,536 bits. A literal of three
/// bytes or more has a pair at an even and one at an odd place side by side; both are marked, so one
/// of them is always met. Only then are the literals themselves compared.
struct LiteralSearch: Sendable {
    private struct Candidate {
        let literal: Int
        /// Where in the literal the pair stands.
        let offset: Int
    }

    private let literals: [(text: [UInt8], ignoresCase: Bool)]
    private var pairs = [UInt64](repeating: 0, count: 1_024)
    private var candidates: [UInt16: [Candidate]] = [:]

    init(_ literals: [(text: [UInt8], ignoresCase: Bool)]) {
        self.literals = literals
        for (index, literal) in literals.enumerated() {
            let anchor = Self.rarestAnchor(in: literal.text)
            for offset in [anchor, anchor + 1] { mark(index, literal, offset) }
        }
    }

    /// Whether any literal stands in the range.
    func isFound(in bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var position = range.lowerBound
        while position &+ 1 < range.upperBound {
            let pair = Self.pair(bytes[position], bytes[position &+ 1])
            if pairs[Int(pair >> 6)] & (1 << UInt64(pair & 63)) != 0,
                isFound(pair, at: position, in: bytes, range)
            {
                return true
            }
            position &+= 2
        }
        return false
    }

    /// Which literals begin here, in the order in which they were given.
    func literals(at position: Int, in bytes: Span<UInt8>, _ range: Range<Int>) -> [Int] {
        literals.indices.filter { stands($0, at: position, in: bytes, range) }
    }

    private func isFound(
        _ pair: UInt16, at position: Int, in bytes: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        guard let candidates = candidates[pair] else { return false }
        return candidates.contains {
            stands($0.literal, at: position - $0.offset, in: bytes, range)
        }
    }

    func stands(
        _ literal: Int, at start: Int, in bytes: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        let (text, ignoresCase) = literals[literal]
        guard start >= range.lowerBound, start + text.count <= range.upperBound else {
            return false
        }
        for index in text.indices {
            let byte = bytes[start + index]
            guard text[index] == (ignoresCase ? Self.lowercase(byte) : byte) else { return false }
        }
        return true
    }

    private mutating func mark(
        _ index: Int, _ literal: (text: [UInt8], ignoresCase: Bool), _ offset: Int
    ) {
        let first = Self.spellings(literal.text[offset], literal.ignoresCase)
        let second = Self.spellings(literal.text[offset + 1], literal.ignoresCase)
        for left in first {
            for right in second {
                let pair = Self.pair(left, right)
                pairs[Int(pair >> 6)] |= 1 << UInt64(pair & 63)
                candidates[pair, default: []].append(Candidate(literal: index, offset: offset))
            }
        }
    }

    /// The place of three neighbouring bytes that ordinary text is least likely to hold: small
    /// letters are common, capitals and digits less so, punctuation within words is rare.
    private static func rarestAnchor(in text: [UInt8]) -> Int {
        precondition(text.count >= SecretRule.prefixBytesMin, "BUG: a literal under three bytes")
        return (0...(text.count - 3)).min { cost(text, $0) < cost(text, $1) } ?? 0
    }

    private static func cost(_ text: [UInt8], _ start: Int) -> Int {
        text[start..<(start + 3)].reduce(0) { sum, byte in
            switch byte {
            case UInt8(ascii: "z"), UInt8(ascii: "x"), UInt8(ascii: "q"), UInt8(ascii: "k"): sum + 2
            case UInt8(ascii: "a")...UInt8(ascii: "z"): sum + 3
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                sum + 1
            default: sum
            }
        }
    }

    private static func spellings(_ byte: UInt8, _ ignoresCase: Bool) -> [UInt8] {
        let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        return ignoresCase && isLetter ? [byte, byte & ~0x20] : [byte]
    }

    @inline(__always)
    private static func pair(_ first: UInt8, _ second: UInt8) -> UInt16 {
        UInt16(first) << 8 | UInt16(second)
    }

    @inline(__always)
    private static func lowercase(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}
