import StrictJSON
import Testing
import TestSupport

@Suite struct `A walk over the strings of a text` {
    private struct Visit: Equatable {
        let spelling: [UInt8]
        let isKey: Bool
        let hasEscape: Bool
    }

    private static func visits(_ text: [UInt8], _ range: Range<Int>? = nil) -> [Visit] {
        var walker = JSONStringWalker(range ?? 0..<text.count)
        var visits: [Visit] = []
        while let token = walker.next(in: text.span) {
            visits.append(
                Visit(
                    spelling: Array(text[token.range]), isKey: token.isKey,
                    hasEscape: token.hasEscape))
        }
        return visits
    }

    private static func visit(_ spelling: String, isKey: Bool) -> Visit {
        Visit(spelling: Array(spelling.utf8), isKey: isKey, hasEscape: spelling.contains("\\"))
    }

    @Test(arguments: seeds(200, long: 20_000))
    func `meets each of them once, in order, keys told from values`(seed: UInt64) {
        var document = RandomJSON(seed: seed)
        let expected = document.strings.map { Self.visit($0.spelling, isKey: $0.isKey) }
        #expect(Self.visits(document.compact) == expected)
        #expect(Self.visits(document.spaced()) == expected)
    }

    @Test func `is not led astray by what strings say`() {
        let text = #"{"a\"" : "b:", "\\":["{\"c\":1}" ,"\u0022"], "":"" }"#
        #expect(
            Self.visits(Array(text.utf8)) == [
                Self.visit(#""a\"""#, isKey: true), Self.visit(#""b:""#, isKey: false),
                Self.visit(#""\\""#, isKey: true), Self.visit(#""{\"c\":1}""#, isKey: false),
                Self.visit(#""\u0022""#, isKey: false), Self.visit(#""""#, isKey: true),
                Self.visit(#""""#, isKey: false),
            ])
    }

    @Test(arguments: ["", "1", "[1,true,null]", "  ", "[[],{}]"])
    func `ends at once where there are none`(text: String) {
        #expect(Self.visits(Array(text.utf8)).isEmpty)
    }

    @Test func `stays within its range`() {
        let text = Array(#"["a","b":"c"]"#.utf8)
        #expect(Self.visits(text, 5..<8) == [Self.visit(#""b""#, isKey: false)])
    }
}
