import EventFormats
import Intake
import Testing

@Suite struct `A refusal` {
    /// Stands in every value that a refused event has, and so must stand in no message.
    private static let mark = "hunter2"

    @Test(
        arguments: [
            ("", .invalidJSON, nil),
            ("{\"hunter2\":tru}", .invalidJSON, nil),
            ("{\"hunter2\":\"\\q\"}", .invalidJSON, nil),
            ("{\"hunter2\":1} hunter2", .invalidJSON, nil),
            ("\u{FEFF}{\"type\":\"hunter2\"}", .invalidJSON, nil),
            ("[\"hunter2\"]", .notAnObject, nil),
            ("\"hunter2\"", .notAnObject, nil),
            ("null", .notAnObject, nil),
            (#"{"type":"hunter2","type":"hunter2"}"#, .duplicateKey, "type"),
            (#"{"payload":"hunter2","payload":2}"#, .duplicateKey, "payload"),
            (#"{}"#, .missingField, "type"),
            (#"{"data":"hunter2"}"#, .missingField, "type"),
            (#"{"type":"hunter2"}"#, .missingField, "source_app"),
            (#"{"type":"","source_app":"hunter2"}"#, .missingField, "type"),
            (#"{"type":null}"#, .missingField, "type"),
            (#"{"type":"t","source_app":"hunter2"}"#, .missingField, "session_id"),
            (#"{"type":"t","source_app":"a","session_id":"hunter2"}"#, .missingField, "data"),
            (#"{"type":"t","source_app":"a","session_id":""}"#, .missingField, "session_id"),
            (#"{"hook_event_type":"hunter2"}"#, .missingField, "source_app"),
            (#"{"payload":"hunter2"}"#, .missingField, "hook_event_type"),
            (
                #"{"hook_event_type":"t","source_app":"a","session_id":"s"}"#, .missingField,
                "payload"
            ),
            (#"{"hook_event_name":"hunter2"}"#, .missingField, "source_app"),
            (#"{"hook_event_name":"","cwd":"/hunter2"}"#, .missingField, "hook_event_name"),
            (#"{"hook_event_name":"t","cwd":"/hunter2"}"#, .missingField, "session_id"),
            (#"{"type":["hunter2"]}"#, .invalidField, "type"),
            (#"{"type":5}"#, .invalidField, "type"),
            (#"{"type":true}"#, .invalidField, "type"),
            (#"{"hook_event_type":{"hunter2":1}}"#, .invalidField, "hook_event_type"),
            (#"{"hook_event_name":7,"cwd":"/a"}"#, .invalidField, "hook_event_name"),
            (#"{"type":"hunter2\ud800"}"#, .invalidField, "type"),
            (native(#""event_id":5,"#), .invalidField, "event_id"),
            (native(#""event_id":"","#), .missingField, "event_id"),
            (native(#""event_id":"hunter2\udc00","#), .invalidField, "event_id"),
            (native(#""agent_id":[1],"#), .invalidField, "agent_id"),
            (native(#""agent_id":"","#), .missingField, "agent_id"),
            (native(#""metadata":"hunter2","#), .invalidField, "metadata"),
            (native(#""timestamp":"hunter2","#), .invalidTimestamp, "timestamp"),
            (native(#""timestamp":["hunter2"],"#), .invalidTimestamp, "timestamp"),
            (native(#""timestamp":"2999-01-01T00:00:00Z","#), .timestampInFuture, "timestamp"),
        ] as [(String, EventFault.Code, String?)])
    func `names the field that is at fault, and quotes nothing`(
        event: String, code: EventFault.Code, field: String?
    ) throws {
        let fault = try #require(take.fault(event))
        #expect(fault.code == code)
        #expect(fault.field == field)
        #expect(!fault.message.isEmpty)
        #expect(!fault.message.contains(Self.mark))
        if let field { #expect(fault.message.hasPrefix("\(field): ")) }
    }

    @Test(arguments: ["type", "source_app"])
    func `of a long text does not quote it either`(field: String) throws {
        let value = Self.mark + String(repeating: "x", count: 300)
        let event = #"{"\#(field)":"\#(value)","hook_event_name":"t","session_id":"s"}"#
        let fault = try #require(take.fault(event))
        #expect(fault.code == .fieldTooLong)
        #expect(!fault.message.contains(Self.mark))
    }

    @Test func `has a code for callers to go by`() {
        #expect(
            EventFault.Code.allCases.map(\.rawValue) == [
                "event_too_large", "invalid_json", "not_an_object", "too_many_members",
                "duplicate_key", "missing_field", "invalid_field", "field_too_long",
                "invalid_timestamp", "timestamp_in_future",
            ])
    }

    @Test func `of bad JSON says where in the event it is`() {
        let fault = take.fault(#"{"a":tru}"#)
        #expect(fault?.message == "not valid JSON: invalid literal at byte 5")
        let cut = take.fault("{\"a\":1")
        #expect(cut?.message == "not valid JSON: unexpected end at byte 6")
    }

    @Test func `is for the whole event, wherever in it the bad JSON stands`() {
        for bad in [#"{"a":tru}"#, "[1,,2]", #""\q""#, "01", "\"\u{1}\"", #"{"a":1,}"#] {
            for event in [
                native(data: bad), native(data: "{\"a\":[\(bad)]}"), native("\"x\":\(bad),"),
                native("\"metadata\":{\"x\":\(bad)},"), native("\"id\":\(bad),"),
                "{\"payload\":{\"a\":\(bad)}}", "[\(bad)]", "\(bad) ",
            ] {
                #expect(take.fault(event)?.code == .invalidJSON, "\(event)")
            }
        }
        for bad in ["\u{FEFF}", ",", "{}", "x", "\u{0}"] {
            #expect(take.fault(native() + bad)?.code == .invalidJSON)
        }
    }

    @Test func `is not for the event after it`() throws {
        var intake = EventIntake(redactor: Redactor(), keys: Taking.keys)
        var batch = EventBatch()
        let events = [
            native(#""event_id":"e1","#), "{\"a\":", "[]", native(#""type":"x","#),
            native("\"a\":1,"),
        ]
        var codes: [String] = []
        for event in events {
            let bytes = Array(event.utf8)
            do throws(EventFault) {
                try intake.take(
                    0..<bytes.count, of: bytes.span, EventIntake.Context(now: take.now),
                    into: &batch)
                codes.append("taken")
            } catch {
                codes.append(error.code.rawValue)
            }
        }
        #expect(codes == ["taken", "invalid_json", "not_an_object", "duplicate_key", "taken"])
        #expect(batch.items.count == 2)
        #expect(!batch.isEmpty)
        #expect(batch.items[1].head.lowerBound == batch.items[0].tail.upperBound)
        #expect(batch.items[1].tail.upperBound == batch.bytes.count)
        #expect(batch.lineBytesMax > batch.bytes.count)
    }
}
