import EventLine
import TimeSeries
import Testing

@Suite struct `The writer's part of a line` {
    private static func line(
        _ id: EventID, _ timestamp: Timestamp, _ server: Timestamp, head: String, tail: String
    ) -> String {
        let parts = Array("xx\(head)yy\(tail)zz".utf8)
        let headRange = 2..<(2 + head.utf8.count)
        let tailStart = headRange.upperBound + 2
        var output: [UInt8] = [0x2A]
        EventLineParts.appendLine(
            id: id, timestamp: timestamp, serverTime: ServerTime(server), head: headRange,
            tail: tailStart..<(tailStart + tail.utf8.count), of: parts.span, to: &output)
        return String(decoding: output.dropFirst(), as: UTF8.self)
    }

    @Test func `is the id before the head, and the server's time before the tail`() {
        let time = Timestamp(milliseconds: 1_738_319_400_000)
        let text = Self.line(
            EventID(1042), time, time.advanced(byMilliseconds: 3), head: ",\"head\":1",
            tail: ",\"tail\":2}\n")
        #expect(
            text == #"""
                {"id":1042,"head":1,"server_timestamp":"2025-01-31T10:30:00.003Z",\#
                "processing_time_ms":3,"tail":2}

                """#)
    }

    @Test(
        arguments: [(5, 0, "-5"), (0, 0, "0"), (-1, 1, "2"), (0, 86_400_000, "86400000")]
            as [(Int64, Int64, String)])
    func `counts from the event's time to the server's`(event: Int64, server: Int64, text: String) {
        let line = Self.line(
            .first, Timestamp(milliseconds: event), Timestamp(milliseconds: server), head: "",
            tail: "}")
        #expect(line.hasSuffix(",\"processing_time_ms\":\(text)}"))
    }

    @Test func `takes no more bytes than it says`() {
        let range = Timestamp.representable
        for (event, server) in [
            (range.lowerBound, range.upperBound), (range.upperBound, range.lowerBound),
        ] {
            let line = Self.line(.last, event, server, head: "", tail: "")
            #expect(line.utf8.count <= EventLineParts.writerBytesMax)
            #expect(line.utf8.count > EventLineParts.writerBytesMax - 8)
        }
    }
}
