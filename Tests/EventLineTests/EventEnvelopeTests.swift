import EventLine
import Foundation
import TimeSeries
import Testing

@Suite struct `A line's envelope` {
    @Test func `says where its values stand`() throws {
        let line = Array(SampleLine.full.text.utf8)
        let envelope = try #require(EventEnvelope(line: line))
        #expect(envelope.id == EventID(1042))
        #expect(text(envelope.eventID, of: line) == #""0199-e1""#)
        #expect(text(envelope.type, of: line) == #""PreToolUse""#)
        #expect(text(envelope.sourceApp, of: line) == #""backend-api""#)
        #expect(text(envelope.sessionID, of: line) == #""sess_abc123""#)
        #expect(text(envelope.agentID, of: line) == #""agent_001""#)
        #expect(envelope.timestamp.milliseconds == 1_738_319_400_000)
        #expect(text(envelope.serverTimestamp, of: line) == #""2025-01-31T10:30:00.003Z""#)
        #expect(text(envelope.processingTime, of: line) == "3")
        #expect(line[envelope.dataStart...].starts(with: Array(#"{"tool_name""#.utf8)))
    }

    @Test func `reads the server's time`() throws {
        var sample = SampleLine()
        #expect(try Self.serverTime(sample).milliseconds == 1_738_319_400_003)
        sample.serverTimestamp = #""soon""#
        #expect(try Self.serverTime(sample).milliseconds == 0)
        sample.serverTimestamp = "7"
        #expect(try Self.serverTime(sample).milliseconds == 0)
    }

    private static func serverTime(_ sample: SampleLine) throws -> Timestamp {
        let line = Array(sample.text.utf8)
        return try #require(EventEnvelope(line: line)).serverTime(line.span)
    }

    @Test func `may go without an agent`() throws {
        var sample = SampleLine()
        sample.agentID = nil
        let line = Array(sample.text.utf8)
        let envelope = try #require(EventEnvelope(line: line))
        #expect(envelope.agentID == nil)
        #expect(envelope.timestamp.milliseconds == 1_738_319_400_000)
    }

    @Test(
        arguments: [
            ("0", 0), ("1", 1), ("007", 7), ("18446744073709551615", UInt64.max),
            ("18446744073709551616", nil), ("99999999999999999999", nil),
            ("184467440737095516150", nil), ("", nil), ("-1", nil), ("\"7\"", nil), ("null", nil),
        ] as [(String, UInt64?)])
    func `has an id that is a 64-bit number`(id: String, value: UInt64?) {
        var sample = SampleLine()
        sample.id = id
        #expect(EventEnvelope(line: sample.text)?.id == value.map(EventID.init))
        #expect(lineID(sample.text) == value.map(EventID.init))
    }

    @Test(arguments: ["1.5", "1e3", "1 ", "1x"])
    func `has nothing but its id's digits before the next key`(id: String) {
        var sample = SampleLine()
        sample.id = id
        #expect(EventEnvelope(line: sample.text) == nil)
    }

    @Test func `is missing from lines that are no events`() {
        #expect(EventEnvelope(line: OtherLine.header) == nil)
        #expect(lineID(OtherLine.header) == nil)
        #expect(EventEnvelope(line: OtherLine.samples) == nil)
        #expect(lineID(OtherLine.samples) == EventID(1043))
        for text in ["", "\n", "{", "{}", "{}\n", "[]\n", "{\"id\":", "{\"id\":\n", "{\"ix\":1}\n"]
        {
            #expect(EventEnvelope(line: text) == nil)
            #expect(lineID(text) == nil)
        }
        // The first digits of a number that was cut are another number.
        for text in ["{\"id\":5", "{\"id\":5\u{0},", "{\"id\":5}\n", "{\"id\":5\n"] {
            #expect(lineID(text) == nil)
        }
        #expect(lineID("{\"id\":5,") == EventID(5))
    }

    @Test func `needs every key in its place`() {
        let keys = SampleLine().envelope
        for index in keys.indices where !keys[index].hasPrefix("\"agent_id\"") {
            var fewer = keys
            fewer.remove(at: index)
            #expect(
                EventEnvelope(line: "{\(fewer.joined(separator: ",")),\"data\":{}}\n") == nil,
                "\(index)")
        }
        for index in keys.indices.dropLast() {
            var swapped = keys
            swapped.swapAt(index, index + 1)
            #expect(
                EventEnvelope(line: "{\(swapped.joined(separator: ",")),\"data\":{}}\n") == nil,
                "\(index)")
        }
        #expect(EventEnvelope(line: "{\(keys.joined(separator: ",")),\"date\":{}}\n") == nil)
        #expect(EventEnvelope(line: "{\(keys.joined(separator: ","))}\n") == nil)
    }

    @Test func `is read by the letter`() throws {
        let text = SampleLine().text
        var places = Array(0..<6)
        for key in SampleLine().envelope.dropFirst() {
            let start = try #require(text.range(of: "," + key)).lowerBound.utf16Offset(in: text)
            places += start..<(start + 2 + (key.firstIndex(of: ":")?.utf16Offset(in: key) ?? 0))
        }
        let data = try #require(text.range(of: ",\"data\":")).lowerBound.utf16Offset(in: text)
        places += data..<(data + 8)
        for place in places {
            var wrong = Array(text.utf8)
            wrong[place] ^= 0x01
            #expect(EventEnvelope(line: wrong) == nil, "\(place)")
        }
    }

    @Test(arguments: [
        #""2025-02-30T10:30:00.000Z""#, #""now""#, #""""#, "1738319400000", "null", "{}",
        #""2025-01-31T10:30:00\u002e000Z""#,
    ])
    func `needs a time that is one`(timestamp: String) {
        var sample = SampleLine()
        sample.timestamp = timestamp
        #expect(EventEnvelope(line: sample.text) == nil)
    }

    @Test func `is read from a damaged line only where all of it stands`() throws {
        let line = Array(SampleLine.full.text.utf8)
        let start = try #require(EventEnvelope(line: line)).dataStart
        for length in 0...line.count {
            let cut = Array(line.prefix(length))
            #expect((EventEnvelope(line: cut) != nil) == (length >= start), "\(length)")
        }
    }
}
