import StrictJSON
import Testing
import TestSupport

@Suite struct `A compacted text` {
    private static func compact(_ text: [UInt8], _ range: Range<Int>? = nil) -> [UInt8] {
        var output: [UInt8] = [0x2A]
        JSONCompactor.append(range ?? 0..<text.count, of: text.span, to: &output)
        #expect(output.first == 0x2A)
        return Array(output.dropFirst())
    }

    @Test(arguments: [
        ("1", "1"), (" 1 ", "1"), ("[ ]", "[]"), ("{ }", "{}"), ("\t[\r\n1 ,\t2 ]\n", "[1,2]"),
        (#"{ "a b" : " c  d " }"#, #"{"a b":" c  d "}"#), (#"[ "\" , " , 1 ]"#, #"["\" , ",1]"#),
        (#"["\\" , "\\\" ]"]"#, #"["\\","\\\" ]"]"#), (#"{"a":1,"a":1}"#, #"{"a":1,"a":1}"#),
        ("[ 1e400 , -0 , 1E+2 ]", "[1e400,-0,1E+2]"), (#"[ "\u0020" ]"#, #"["\u0020"]"#),
    ])
    func `has no white space but within strings`(text: String, compact: String) {
        #expect(Self.compact(Array(text.utf8)) == Array(compact.utf8))
    }

    @Test(arguments: seeds(200, long: 20_000))
    func `has the same tokens, byte by byte`(seed: UInt64) {
        var document = RandomJSON(seed: seed)
        let text = document.spaced()
        #expect(fault(in: text) == nil)
        #expect(Self.compact(text) == document.compact)
        #expect(Self.compact(document.compact) == document.compact)
    }

    @Test func `is made of the given range alone`() {
        let text = Array(#""x" [ 1 , "y z" ] "w" "#.utf8)
        #expect(Self.compact(text, 4..<17) == Array(#"[1,"y z"]"#.utf8))
        #expect(Self.compact(text, 4..<4) == [])
    }
}
