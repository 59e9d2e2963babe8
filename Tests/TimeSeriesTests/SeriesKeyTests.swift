import Foundation
import TestSupport
import TimeSeries
import Testing

@Suite struct `A series' canonical text` {
    @Test(arguments: [
        (SeriesKey(metric: "events"), "events{}"),
        (
            SeriesKey(metric: "tool.calls", tags: [.init("tool", "Bash"), .init("app", "web")]),
            #"tool.calls{"app":"web","tool":"Bash"}"#
        ),
        (SeriesKey(metric: "m", tags: [.init("a", "1"), .init("a", "2")]), #"m{"a":"2"}"#),
        (
            SeriesKey(
                metric: "m", tags: [.init("é", ""), .init("z", ""), .init("B", ""), .init("", "")]),
            #"m{"":"","B":"","z":"","é":""}"#
        ),
        (
            SeriesKey(
                metric: "m", tags: [.init("a\"b\\c/d", "\n\r\t\u{0}\u{8}\u{1F}\u{7F}\u{2028}😀")]),
            "m{\"a\\\"b\\\\c/d\":\"\\n\\r\\t\\u0000\\u0008\\u001f\u{7F}\u{2028}😀\"}"
        ),
    ])
    func `is its name and its tags in order`(key: SeriesKey, text: String) throws {
        #expect(key.description == text)
        #expect(key.canonical == Array(text.utf8))
        #expect(try SeriesKey(canonical: key.canonical.span) == key)
    }

    @Test func `tells apart what Unicode calls equal`() throws {
        let tags = [SeriesKey.Tag("\u{E9}", "1"), SeriesKey.Tag("e\u{301}", "2")]
        let key = SeriesKey(metric: "m", tags: tags)
        #expect(key.tags.count == 2)
        #expect(key["\u{E9}"] == "1" && key["e\u{301}"] == "2")
        #expect(try SeriesKey(canonical: key.canonical.span) == key)
        let (one, two) = ("\u{E9}", "e\u{301}")
        let keys = Set([one, two].map { SeriesKey(metric: "m", tags: [.init("k", $0)]) })
        #expect(keys.count == 2)
    }

    @Test(arguments: [
        "", "{}", "1m{}", "m", "m m{}", "m{", "m}", "é{}", "m\n{}", "m {}",
    ])
    func `is refused without a name and tags`(text: String) {
        #expect(throws: SeriesKeyFault.self) { try Self.read(text) }
    }

    @Test(arguments: [
        "m{} ", "m{ }", #"m{"a"}"#, #"m{"a":1}"#, #"m{"a":"1",}"#, #"m{,"a":"1"}"#,
        #"m{"a":"1""b":"2"}"#, #"m{"b":"1","a":"2"}"#, #"m{"a":"1","a":"1"}"#,
        #"m{"a": "1"}"#, #"m{"a":"\/"}"#, #"m{"a":"\u0041"}"#, #"m{"a":"\u001F"}"#,
        #"m{"a":"\u000a"}"#, #"m{"a":"\b"}"#, #"m{"a":"\u00+f"}"#, #"m{"a":"\u00"#, #"m{"a":"\"#,
        #"m{"a":"1"}}"#, #"m{"a":"1"}m{}"#, "m{\"a\":\"\n\"}", #"m{"a":"\x"}"#,
    ])
    func `has one spelling`(text: String) {
        #expect(throws: SeriesKeyFault.tags) { try Self.read(text) }
    }

    @Test func `is UTF-8`() {
        let bytes = Array("m{\"a\":\"".utf8) + [0xC3] + Array("\"}".utf8)
        #expect(throws: SeriesKeyFault.tags) { try Self.read(bytes) }
    }

    @Test(arguments: seeds(20, long: 2_000))
    func `is JSON to Foundation, and read again, whatever the tags`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let letters = [
            "a", "B", "\"", "\\", "\n", "\u{0}", "\u{1F}", "é", "e\u{301}", "世", "😀", "/", "}",
        ]
        let tags = (0..<random.pick(0...6)).map { _ in
            SeriesKey.Tag(
                (0..<random.pick(0...3)).map { _ in random.pick(letters) }.joined(),
                (0..<random.pick(0...9)).map { _ in random.pick(letters) }.joined())
        }
        let key = SeriesKey(metric: "a.b", tags: tags)
        #expect(try SeriesKey(canonical: key.canonical.span) == key)
        let json = Data(key.canonical.dropFirst(3))
        #expect(try JSONSerialization.jsonObject(with: json) is [String: String])
        #expect(SeriesKey(metric: "a.b", tags: key.tags.shuffled(using: &random)) == key)
        // Changed, it is another series' text or none.
        var changed = key.canonical
        changed[random.pick(changed.indices)] ^= random.pick([1, 0x20, 0x80])
        if let other = try? SeriesKey(canonical: changed.span) {
            #expect(other.canonical == changed && other != key)
        }
    }

    private static func read(_ text: String) throws -> SeriesKey { try read(Array(text.utf8)) }

    private static func read(_ bytes: [UInt8]) throws -> SeriesKey {
        try SeriesKey(canonical: bytes.span)
    }
}

@Suite struct `A metric's name` {
    @Test(arguments: [
        "a", "Z", "_", "tool.duration", "node:cpu/idle-2", "_9", String(repeating: "a", count: 200),
    ])
    func `is a word of letters, digits and some signs`(name: String) {
        #expect(MetricName.isValid(name))
    }

    @Test(arguments: [
        "", "9a", ".a", "-a", ":a", "/a", "a b", "a{", "a,", "a;", "a+", "é", "aé", "a\n", "a\u{0}",
        "a@", "a[", "a`", "a\u{7F}", String(repeating: "a", count: 201),
    ])
    func `is nothing else`(name: String) {
        #expect(!MetricName.isValid(name))
    }
}

@Suite struct `An interval` {
    @Test func `has its name`() {
        #expect(Interval.allCases.map(\.name) == ["1m", "3m", "5m", "15m", "1h"])
        for interval in Interval.allCases { #expect(Interval(name: interval.name) == interval) }
        #expect(Interval(name: "2m") == nil)
        #expect(Interval(name: "1M") == nil)
    }

    @Test(arguments: seeds(5, long: 200))
    func `has one bucket for each moment, which holds whole minutes`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let range = Timestamp.representable
        let bounds = range.lowerBound.milliseconds...range.upperBound.milliseconds
        for interval in Interval.allCases {
            for _ in 0..<50 {
                let time = Timestamp(milliseconds: Int64.random(in: bounds, using: &random))
                let start = interval.bucketStart(of: time)
                #expect(start <= time)
                #expect(time < start.advanced(byMilliseconds: interval.milliseconds))
                #expect(start.milliseconds % interval.milliseconds == 0)
                let minute = Interval.oneMinute.bucketStart(of: time)
                #expect(interval.bucketStart(of: minute) == start)
            }
        }
    }
}
