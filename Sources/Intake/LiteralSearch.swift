internal import StrictJSON

/// Is any of these short texts in there? Built for «no», the answer for nearly every event.
///
/// Every second pair of neighbouring bytes is looked up in a table of 65,536 bits. A literal of three
/// bytes or more has a pair at an even and one at an odd place side by side; both are marked, so one
/// of them is always met. Only then are the literals that have this pair compared, eight bytes at once.
struct LiteralSearch: Sendable {
    struct Literal: Sendable {
        let text: [UInt8]
        let ignoresCase: Bool
    }

    private let literals: [Literal]
    /// Which literals begin with a pair, in their order.
    private let beginnings: PairGroups<Int>
    /// One bit for each pair, its first byte in the lower half.
    private var pairs = [UInt64](repeating: 0, count: 1_024)
    private let candidates: PairGroups<Candidate>

    init(_ literals: [Literal]) {
        self.literals = literals
        var beginnings: [UInt16: [Int]] = [:]
        var byPair: [UInt16: [Candidate]] = [:]
        for (index, literal) in literals.enumerated() {
            for pair in literal.spellings(of: 0) { beginnings[pair, default: []].append(index) }
            let anchor = Self.rarestAnchor(in: literal.text)
            for offset in [anchor, anchor + 1] {
                for pair in literal.spellings(of: offset) {
                    byPair[pair, default: []].append(Candidate(index, literal, offset: offset))
                }
            }
        }
        for pair in byPair.keys { pairs[Int(pair >> 6)] |= 1 << UInt64(pair & 63) }
        self.beginnings = PairGroups(beginnings)
        candidates = PairGroups(byPair)
    }

    /// Whether any literal stands in the range.
    func isFound(in bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let table = pairs.span
        var position = range.lowerBound
        while position &+ 8 <= range.upperBound {
            let word = bytes.littleEndianWord(at: position)
            let hits =
                Self.bit(word, table) | Self.bit(word >> 16, table) | Self.bit(word >> 32, table)
                | Self.bit(word >> 48, table)
            if hits & 1 != 0, isFound(inWordAt: position, of: bytes, range) { return true }
            position &+= 8
        }
        while position + 1 < range.upperBound {
            if isFound(at: position, in: bytes, range) { return true }
            position += 2
        }
        return false
    }

    /// Which literals begin here, in the order in which they were given.
    func literals(at position: Int, in bytes: Span<UInt8>, _ range: Range<Int>) -> [Int] {
        guard position + 1 < range.upperBound else { return [] }
        let pair = UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8
        let group = beginnings.indices(of: pair)
        guard !group.isEmpty else { return [] }
        return beginnings.elements[group].filter { stands($0, at: position, in: bytes, range) }
    }

    @inline(__always)
    private static func bit(_ pair: UInt64, _ table: Span<UInt64>) -> UInt64 {
        // The mask keeps the index within the table's 1,024 words.
        unsafe table[unchecked: Int(truncatingIfNeeded: pair >> 6 & 1_023)] >> (pair & 63)
    }

    private func isFound(
        inWordAt position: Int, of bytes: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        let word = bytes.littleEndianWord(at: position)
        for place in stride(from: 0, to: 8, by: 2)
        where Self.bit(word >> UInt64(place * 8), pairs.span) & 1 != 0 {
            if isFound(at: position + place, in: bytes, range) { return true }
        }
        return false
    }

    /// Whether a literal stands whose pair begins here.
    private func isFound(
        at position: Int, in bytes: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        let pair = UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8
        let elements = candidates.elements.span
        for index in candidates.indices(of: pair) {
            let candidate = elements[index]
            if candidate.mayStand(around: position, in: bytes),
                stands(candidate.literal, at: position - candidate.offset, in: bytes, range)
            {
                return true
            }
        }
        return false
    }

    private func stands(
        _ literal: Int, at start: Int, in bytes: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        let literal = literals[literal]
        guard start >= range.lowerBound, start + literal.text.count <= range.upperBound else {
            return false
        }
        for index in literal.text.indices {
            let byte = bytes[start + index]
            let folded = literal.ignoresCase && byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
            guard literal.text[index] == folded else { return false }
        }
        return true
    }

    /// The place of three neighbouring bytes that ordinary text is least likely to hold.
    private static func rarestAnchor(in text: [UInt8]) -> Int {
        precondition(text.count >= SecretRule.prefixBytesMin, "BUG: a literal under three bytes")
        return (0...(text.count - 3)).min { cost(text, $0) < cost(text, $1) } ?? 0
    }

    private static func cost(_ text: [UInt8], _ start: Int) -> Int {
        let weights = text[start..<(start + 3)].map(weight)
        return weights[0] * weights[1] + weights[1] * weights[2]
    }

    /// About how often a byte comes, in a thousand bytes of English and code. Only the order matters.
    private static func weight(_ byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letterWeights[Int(byte - UInt8(ascii: "a"))]
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): 4
        case UInt8(ascii: "0")...UInt8(ascii: "9"): 25
        case UInt8(ascii: " "): 30
        default: 10
        }
    }

    private static let letterWeights = [
        65, 12, 35, 35, 90, 15, 15, 25, 60, 2, 6, 35, 20, 55, 60, 25, 1, 50, 60, 70, 30, 8, 10, 3,
        12,
        2,
    ]
}

/// A literal that has a certain pair of bytes at a certain place.
private struct Candidate: Sendable {
    let literal: Int
    /// Where in the literal the pair stands.
    let offset: Int
    /// The literal's first eight bytes, and which bits of a text's count in the comparison.
    private let word: UInt64
    private let mask: UInt64

    init(_ index: Int, _ literal: LiteralSearch.Literal, offset: Int) {
        self.literal = index
        self.offset = offset
        var (word, mask): (UInt64, UInt64) = (0, 0)
        for (place, byte) in literal.text.prefix(8).enumerated() {
            let counted: UInt8 = literal.ignoresCase ? 0xDF : 0xFF
            word |= UInt64(byte & counted) << UInt64(place * 8)
            mask |= UInt64(counted) << UInt64(place * 8)
        }
        self.word = word
        self.mask = mask
    }

    /// False only where the literal surely does not stand with its pair here.
    @inline(__always)
    func mayStand(around position: Int, in bytes: Span<UInt8>) -> Bool {
        let start = position &- offset
        guard start >= 0, start &+ 8 <= bytes.count else { return true }
        return bytes.littleEndianWord(at: start) & mask == word
    }
}

extension LiteralSearch.Literal {
    /// All pairs that the two bytes from here may be written as, the first in the lower half.
    fileprivate func spellings(of offset: Int) -> [UInt16] {
        letters(offset).flatMap { first in
            letters(offset + 1).map { UInt16(first) | UInt16($0) << 8 }
        }
    }

    private func letters(_ offset: Int) -> [UInt8] {
        let byte = text[offset]
        let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        return ignoresCase && isLetter ? [byte, byte & ~0x20] : [byte]
    }
}
