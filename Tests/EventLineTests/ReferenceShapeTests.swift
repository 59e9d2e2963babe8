import EventLine
import Foundation
import Testing

@Suite struct `The reference's shape of a line` {
    private static func shape(_ line: String) -> String? {
        var output: [UInt8] = [0x2A]
        let isEvent = ReferenceShape.append(Array(line.utf8).span, to: &output)
        #expect(isEvent == (output.count > 1))
        return isEvent ? String(decoding: output.dropFirst(), as: UTF8.self) : nil
    }

    @Test func `has the reference's names, then the rest, then the time as a number`() {
        #expect(
            Self.shape(SampleLine.full.text) == #"""
                {"id":1042,"source_app":"backend-api","session_id":"sess_abc123",\#
                "hook_event_type":"PreToolUse","payload":{"tool_name":"Bash","n":[1,{"x":"y"}]},\#
                "agent_id":"agent_001","metadata":{"host":"a","n":[1]},"chat":["hi"],"summary":"s",\#
                "event_id":"0199-e1","timestamp":1738319400000}
                """#)
    }

    @Test func `is short where the line is`() {
        var sample = SampleLine()
        sample.agentID = nil
        sample.timestamp = #""1969-12-31T23:59:59.999Z""#
        #expect(
            Self.shape(sample.text) == #"""
                {"id":1042,"source_app":"backend-api","session_id":"sess_abc123",\#
                "hook_event_type":"PreToolUse","payload":{"tool_name":"Bash"},\#
                "event_id":"0199-e1","timestamp":-1}
                """#)
    }

    @Test func `keeps the bytes of every value`() throws {
        let shape = try #require(Self.shape(SampleLine.hostile.text))
        let sample = SampleLine.hostile
        #expect(shape.contains(#""session_id":\#(sample.sessionID),"#))
        #expect(shape.contains(#""payload":\#(sample.data),"#))
        #expect(shape.contains(sample.rest + ","))
        #expect(!shape.contains("\n"))
    }

    @Test func `is one JSON object`() throws {
        let shape = try #require(Self.shape(SampleLine.full.text))
        let object = try JSONSerialization.jsonObject(with: Data(shape.utf8)) as? [String: Any]
        #expect(object?["hook_event_type"] as? String == "PreToolUse")
        #expect(object?["id"] as? Int == 1042)
        #expect(object?.count == 11)
    }

    @Test(arguments: [OtherLine.header, OtherLine.samples, "", "{}\n"])
    func `is none where the line is no event`(line: String) {
        #expect(Self.shape(line) == nil)
    }
}
