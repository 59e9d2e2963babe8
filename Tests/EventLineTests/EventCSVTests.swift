import EventLine
import Foundation
import Testing
import TestSupport

@Suite struct `A line as CSV` {
    private static func row(_ line: String) -> String? {
        var output: [UInt8] = [0x2A]
        let isEvent = EventCSV.append(Array(line.utf8).span, to: &output)
        #expect(isEvent == (output.count > 1))
        return isEvent ? String(decoding: output.dropFirst(), as: UTF8.self) : nil
    }

    @Test func `has its columns named`() {
        #expect(
            String(decoding: EventCSV.header, as: UTF8.self) == """
                id,event_id,type,source_app,session_id,agent_id,timestamp,server_timestamp,\
                processing_time_ms,data,metadata\r\n
                """)
    }

    @Test func `has every text quoted, numbers and times bare`() {
        #expect(
            Self.row(SampleLine.full.text) == #"""
                1042,"0199-e1","PreToolUse","backend-api","sess_abc123","agent_001",\#
                2025-01-31T10:30:00.000Z,2025-01-31T10:30:00.003Z,3,\#
                "{""tool_name"":""Bash"",""n"":[1,{""x"":""y""}]}","{""host"":""a"",""n"":[1]}"\#r\#n
                """#)
    }

    @Test func `has empty columns where the line has no such member`() {
        var sample = SampleLine()
        sample.agentID = nil
        sample.processingTime = "-17"
        #expect(
            Self.row(sample.text) == #"""
                1042,"0199-e1","PreToolUse","backend-api","sess_abc123",,\#
                2025-01-31T10:30:00.000Z,2025-01-31T10:30:00.003Z,-17,\#
                "{""tool_name"":""Bash""}",\#r\#n
                """#)
    }

    @Test(arguments: [OtherLine.header, OtherLine.samples, "", "{}\n"])
    func `is none where the line is no event`(line: String) {
        #expect(Self.row(line) == nil)
    }

    @Test(arguments: seeds(50, long: 5_000))
    func `gives back every text by RFC 4180`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var texts: [String] = []
        for _ in 0..<5 {
            texts.append(
                (0..<Int.random(in: 1...12, using: &random))
                    .map { _ in random.pick(Self.pieces) }.joined())
        }
        var sample = SampleLine()
        sample.eventID = try Self.token(texts[0])
        sample.type = try Self.token(texts[1])
        sample.sourceApp = try Self.token(texts[2])
        sample.sessionID = try Self.token(texts[3])
        sample.agentID = try Self.token(texts[4])
        sample.data = try "[\(Self.token(texts[0])),\(Self.token(texts[1]))]"
        sample.rest = try ",\"metadata\":{\(Self.token(texts[2])):1}"
        let row = try #require(Self.row(sample.text))
        let records = try #require(RFC4180.records(Array((row + row).utf8)))
        #expect(records.count == 2)
        for record in records {
            #expect(record.count == 11)
            #expect(record[1...5].elementsEqual(texts.map { Array($0.utf8) }))
            #expect(record[9] == Array(sample.data.utf8))
            #expect(record[10] == Array(sample.rest.dropFirst(12).utf8))
        }
    }

    private static let pieces = [
        "\"", "\"\"", ",", "\r\n", "\n", "\r", "\\", ";", "\t", "=1+1", "'", " ", "é", "😀",
        "\u{2028}", "\u{0}", "a", "word",
    ]

    private static func token(_ text: String) throws -> String {
        let data = try JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed)
        return String(decoding: data, as: UTF8.self)
    }
}
