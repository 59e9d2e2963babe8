import EventLine
import TimeSeries
import Testing

@Suite struct `A damaged line` {
    /// Everything that reads lines, but for the search in their texts.
    private static func readAll(_ line: [UInt8]) {
        let span = line.span
        var output: [UInt8] = []
        _ = EventEnvelope.id(of: span)
        _ = ReferenceShape.append(span, to: &output)
        _ = EventCSV.append(span, to: &output)
        guard let envelope = EventEnvelope(span) else { return }
        _ = envelope.serverTime(span)
        _ = EventMembers(span, after: envelope)?.string("tool_name", in: span)
        _ = EventMatcher(filter(text: nil)).matches(span, envelope)
    }

    private static func filter(text: String?) -> EventFilter {
        var filter = EventFilter()
        filter.types = ["PreToolUse", "x"]
        filter.text = text
        return filter
    }

    /// The line cut at each byte, and with each byte made into some other.
    private static func forEachDamage(_ body: ([UInt8]) -> Void) {
        let line = Array(SampleLine.hostile.text.utf8)
        for index in line.indices {
            body(Array(line.prefix(index)))
            body(line.prefix(index) + [0x0A])
            for byte: UInt8 in [0x00, 0x0A, 0x22, 0x5C, 0x7B, 0x7D, 0x2C, 0x30, 0x75, 0xC3, 0xFF] {
                var damaged = line
                damaged[index] = byte
                body(damaged)
            }
        }
    }

    @Test func `never stops a reader`() {
        Self.forEachDamage(Self.readAll)
    }

    private static func isWhole(_ line: [UInt8]) -> Bool { EventEnvelope.isWhole(line.span) }

    @Test func `never stops a search in its texts, once it is known to be whole`() {
        let filter = Self.filter(text: "no such text")
        var whole = 0
        Self.forEachDamage { line in
            guard Self.isWhole(line) else { return }
            whole += 1
            if matches(filter, line) { Issue.record("\(line)") }
        }
        #expect(whole > 100)
    }

    @Test func `is whole only with all of its bytes`() {
        let line = Array(SampleLine.hostile.text.utf8)
        for length in line.indices {
            #expect(Self.isWhole(Array(line.prefix(length))) == (length == line.count - 1))
        }
        #expect(Self.isWhole(line))
        for text in ["x", "{}", ",", "\u{0}", "\n{}"] {
            #expect(!Self.isWhole(line + Array(text.utf8)))
        }
        for line in [OtherLine.header, OtherLine.samples] {
            #expect(Self.isWhole(Array(line.utf8)))
        }
    }
}

extension SampleLine {
    /// With escapes of every kind.
    static let hostile = SampleLine(
        sessionID: #""s\u0041\\\"\ud83d\ude00é""#, data: #"{"a\"":"\u00e7\n","b":["é\\",1e400]}"#,
        rest: #","metadata":{"sender":{"id":"\u0031"}},"x":"\u00e9""#)
}
