import EventFormats
import EventLine
import Foundation
import Intake
import TimeSeries
import Testing

@Suite struct `An exported line that is posted again` {
    private static let event = #"""
        {"type":"T","source_app":"a","session_id":"s","agent_id":"g","event_id":"e1",\#
        "timestamp":"2025-01-31T10:29:59.000Z","data":{"n":1E+2},"metadata":{"host":"h"},"chat":[1]}
        """#

    @Test func `is the same event, and keeps what the first server said`() throws {
        let first = try take(Self.event)
        var later = take
        later.now = take.now.advanced(byMilliseconds: 60_000)
        later.id = .first
        let second = try later(first.line)
        #expect(second.item.key == first.item.key)
        #expect(second.item.content == first.item.content)
        #expect(second.item.timestamp == first.item.timestamp)
        #expect(
            second.text == #"""
                {"id":1,"event_id":"e1","type":"T","source_app":"a","session_id":"s","agent_id":"g",\#
                "timestamp":"2025-01-31T10:29:59.000Z",\#
                "server_timestamp":"2025-01-31T10:31:00.003Z","processing_time_ms":61003,\#
                "enrichment_version":"1.0.0","data":{"n":1E+2},"metadata":{"host":"h","sender":\#
                {"id":7,"server_timestamp":"2025-01-31T10:30:00.003Z","processing_time_ms":1003,\#
                "enrichment_version":"1.0.0"}},"chat":[1]}

                """#)
        let third = try later(second.line)
        #expect(third.item.key == first.item.key)
        let metadata = try third.object()["metadata"] as? [String: Any]
        let sender = metadata?["sender"] as? [String: Any]
        #expect(sender?["id"] as? Int == 1)
        #expect((sender?["sender"] as? [String: Any])?["id"] as? Int == 7)
    }

    @Test func `is the same event in the reference's shape too`() throws {
        let first = try take(Self.event)
        var shape: [UInt8] = []
        #expect(ReferenceShape.append(first.line.span, to: &shape))
        let second = try take(shape)
        #expect(second.item.key == first.item.key)
        #expect(second.item.content == first.item.content)
        #expect(second.item.timestamp == first.item.timestamp)
        let chat = #"{"count":1,"sha256":"\#(sha256("[1]"))"}"#
        #expect(second.metadata == #"{"host":"h","sender":{"id":7},"chat":\#(chat)}"#)
    }
}
