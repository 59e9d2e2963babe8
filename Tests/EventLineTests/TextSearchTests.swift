import EventLine
import TestSupport
import TimeSeries
import Testing

@Suite struct `A search in the texts of events` {
    private static func isFound(_ text: String, in data: String, rest: String = "") -> Bool {
        var sample = SampleLine()
        (sample.data, sample.rest) = (data, rest)
        var filter = EventFilter()
        filter.text = text
        return matches(filter, Array(sample.text.utf8))
    }

    @Test(arguments: [
        (#""the quick fox""#, "quick"), (#""the quick fox""#, "the"), (#""the quick fox""#, "fox"),
        (#""the quick fox""#, "the quick fox"), (#""the quick fox""#, ""), ("{}", ""),
        (#"["a",{"k":["deep"]}]"#, "deep"), (#""aaab""#, "aab"), (#""ababac""#, "abac"),
        (#""Exit Code 1""#, "exit code"), (#""exit code 1""#, "EXIT CODE"),
        (#""Zz@[`{""#, "zZ@[`{"),
        (#""a\u00e7\u00e3o""#, "ação"), (#""a\u00e7\u00e3o""#, "çã"), (#""ação""#, "ação"),
        (#""A\u00e7\u00e3O""#, "ação"), (#""\ud83d\ude00!""#, "😀"),
        (#""say \"hi\" now""#, "\"HI\""),
        (#""C:\\temp""#, #"c:\t"#), (#""a\/b""#, "a/b"), (#""a/b""#, "a/b"), (#""a\nb""#, "a\nb"),
        (#""\u0041yz""#, "ayz"), (#""\\u0041bc""#, #"\u0041"#), (#"{"k":"v\u0022"}"#, "v\""),
        (#""1e5""#, "1E5"),
    ])
    func `finds them however they are spelled`(data: String, text: String) {
        #expect(Self.isFound(text, in: data))
    }

    @Test(arguments: [
        (#""the quick fox""#, "slow"), (#""the quick fox""#, "the quick foxx"), (#""xy""#, "xyz"),
        (#""""#, "needle"), ("{}", "needle"), (#"{"needle":1}"#, "needle"),
        (#"{"n\u0065edle":"x"}"#, "needle"), (#"["ab","yz"]"#, "by"), (#"["ab","cd"]"#, "b\",\"c"),
        (#"["ab","cd"]"#, "\"ab\""), (#"[4711]"#, "4711"), ("[true]", "true"),
        (#""a\u00e7\u00e3o""#, "u00e7"), (#""a\nb""#, #"a\nb"#), (#""\\u0041yz""#, "ayz"),
        (#""ação""#, "AÇÃO"), (#""@""#, "`"), (#""[""#, "{"), (#""{""#, "["),
        (#""\u0000""#, "0000"),
    ])
    func `finds nothing else`(data: String, text: String) {
        #expect(!Self.isFound(text, in: data))
    }

    @Test(arguments: [
        "pretooluse", "BACKEND-API", "sess_abc123", "agent_001", "0199-e1", "2025-01-31T10:30",
        "in meta",
        "in chat",
    ])
    func `looks at the whole line`(text: String) {
        let rest = #","metadata":{"k":"in meta"},"chat":[{"c":"in chat"}]"#
        #expect(Self.isFound(text, in: "{}", rest: rest))
        #expect(!Self.isFound(text + "-", in: "{}", rest: rest))
    }

    @Test(arguments: ["event_id", "source_app", "enrichment", "metadata", "k\":"])
    func `looks at no key`(text: String) {
        #expect(!Self.isFound(text, in: "{}", rest: #","metadata":{"k":"v"}"#))
    }

    @Test func `is one condition among others`() {
        var filter = EventFilter()
        filter.text = "bash"
        let line = Array(SampleLine.full.text.utf8)
        #expect(matches(filter, line))
        filter.types = ["Stop"]
        #expect(!matches(filter, line))
    }

    @Test(arguments: seeds(20, long: 2_000))
    func `finds what a naive search finds`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<20 {
            let letters = Self.letters(0...30, &random)
            let wanted = String(Self.letters(1...4, &random))
            let isThere = letters.indices.contains { start in
                String(letters[start...]).lowercased().hasPrefix(wanted.lowercased())
            }
            // Beside plain text, every letter as an escape.
            let escaped = letters.map { "\\u00" + String($0.asciiValue ?? 0, radix: 16) }.joined()
            #expect(Self.isFound(wanted, in: "[\"\(String(letters))\"]") == isThere)
            #expect(Self.isFound(wanted, in: "[\"\(escaped)\"]") == isThere)
        }
    }

    /// Letters that the envelope does not hold.
    private static func letters(_ count: ClosedRange<Int>, _ random: inout SplitMix64)
        -> [Character]
    {
        (0..<Int.random(in: count, using: &random)).map { _ in random.pick(Array("xyXY")) }
    }
}
