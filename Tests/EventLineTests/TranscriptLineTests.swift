import EventLine
import Testing
import TimeSeries

@Suite struct `A line of a transcript` {
    private static func line(
        id: UInt64 = 8, from: Int = 2, previous: EventID? = EventID(5),
        messages: String = #"{"a":1},2"#
    ) -> [UInt8] {
        let parts = Array(#""app""s\u0031""#.utf8) + Array(messages.utf8)
        var line: [UInt8] = []
        TranscriptLine.append(
            id: EventID(id), serverTime: ServerTime(Timestamp(milliseconds: 1_738_319_400_003)),
            TranscriptLine.Parts(sourceApp: 0..<5, sessionID: 5..<14, messages: 14..<parts.count),
            of: parts.span, from: from, previous: previous, count: 2, to: &line)
        return line
    }

    @Test func `is written as it is drawn`() {
        #expect(
            String(decoding: Self.line(), as: UTF8.self) == #"""
                {"id":8,"kind":"transcript","server_timestamp":"2025-01-31T10:30:00.003Z",\#
                "source_app":"app","session_id":"s\u0031","from":2,"previous":5,"count":2,\#
                "messages":[{"a":1},2]}

                """#)
    }

    @Test func `is read as it was written`() throws {
        let line = Self.line()
        let read = try #require(TranscriptLine(line: line))
        #expect(read.id == EventID(8) && read.from == 2 && read.count == 2)
        #expect(read.previous == EventID(5))
        #expect(text(read.sourceApp, of: line) == #""app""#)
        #expect(text(read.sessionID, of: line) == #""s\u0031""#)
        #expect(text(read.messages, of: line) == #"{"a":1},2"#)
        #expect(read.serverTime(line.span) == Timestamp(milliseconds: 1_738_319_400_003))
        let first = Self.line(from: 0, previous: nil, messages: "")
        #expect(try #require(TranscriptLine(line: first)).previous == nil)
    }

    @Test func `takes no more room than is said`() {
        let longest = Self.line(id: .max, from: .max, previous: .last)
        #expect(longest.count <= TranscriptLine.writerBytesMax + 5 + 9 + 9)
    }

    @Test func `is no event, and no event is one`() {
        #expect(EventEnvelope(line: Self.line()) == nil)
        let others = [SampleLine.full.text, OtherLine.header, OtherLine.samples].map {
            Array($0.utf8)
        }
        for other in others { #expect(TranscriptLine(line: other) == nil) }
    }

    @Test func `is none where it was cut off`() {
        let line = Self.line()
        for count in 0..<(line.count - 2) {
            #expect(TranscriptLine(line: Array(line[..<count])) == nil)
        }
    }

    @Test func `is put back into its event`() throws {
        let note =
            #","metadata":{"chat":{"count":1,"sha256":"\#(String(repeating: "a", count: 64))"}}"#
        let line = Array(SampleLine(rest: note + #","summary":"s""#).text.utf8)
        var native: [UInt8] = []
        ChatNote.append(line.span, chat: Array("[1]".utf8).span, to: &native)
        #expect(String(decoding: native, as: UTF8.self).hasSuffix(#","summary":"s","chat":[1]}"#))
        var shape: [UInt8] = []
        #expect(ReferenceShape.append(line.span, chat: Array("[1]".utf8), to: &shape))
        #expect(
            String(decoding: shape, as: UTF8.self).contains(
                note + #","chat":[1],"summary":"s","event_id""#))
    }
}

extension TranscriptLine {
    init?(line: [UInt8]) { self.init(line.span) }
}
