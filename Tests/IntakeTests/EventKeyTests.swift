import EventFormats
import EventLine
import Foundation
import Intake
import TimeSeries
import Testing

@Suite struct `The key of an event` {
    private static func key(_ app: String, _ id: String) throws -> KeyedHash.Value {
        let event =
            #"{"type":"t","source_app":\#(app),"session_id":"s","event_id":\#(id),"data":1}"#
        return try take(event).item.key
    }

    @Test func `is its app and its id, however they are spelled`() throws {
        let key = try Self.key(token("a/b"), token("é\n1"))
        #expect(try Self.key(escapedToken("a/b"), escapedToken("é\n1")) == key)
        #expect(try Self.key(#""a\/b""#, #""\u00e9\n1""#) == key)
        let raw =
            #"{"hook_event_name":"x","session_id":"y","source_app":"a/b","event_id":"é\n1","z":1}"#
        #expect(try take(raw).item.key == key)
        var taking = take
        taking.sourceApp = "a/b"
        #expect(
            try taking(#"{"hook_event_name":"x","session_id":"y","event_id":"é\n1"}"#).item.key
                == key)
    }

    @Test func `is another where either is another`() throws {
        let pairs = [
            ("a", "b"), ("ab", "c"), ("a", "bc"), ("abc", "d"), ("b", "a"), ("a", "b\u{0}"),
            ("A", "b"),
            ("a\u{1}\u{0}\u{0}\u{0}", "b"),
        ]
        let keys = try pairs.map { try Self.key(token($0), token($1)) }
        #expect(Set(keys).count == pairs.count)
    }

    @Test(arguments: [
        native(), native(#""event_id":"\u0065\n","#, data: #"{ "a" : [1e400] }"#),
        native(data: #"{"tool_use_id":"t"}"#), native(#""agent_id":"g","metadata":{},"id":1,"#),
        #"{"hook_event_type":"T","source_app":"\u0061","session_id":"s","payload":{"agent_id":"g"}}"#,
        #"{"hook_event_name":"T","cwd":"/a/é\n","session_id":"s","tool_use_id":"t"}"#,
    ])
    func `is found again in the stored line, with what it says`(event: String) throws {
        let taken = try take(event)
        let stored = try #require(taken.storedKey)
        #expect(stored.key == taken.item.key)
        #expect(stored.content == taken.item.content)
    }

    @Test func `goes with the content that tells a retry from another event`() throws {
        func content(_ event: String) throws -> UInt32 { try take(event).item.content }
        let content1 = try content(native(data: #"{"a":[1,2]}"#))
        #expect(try content(native(data: #" { "a" : [ 1 , 2 ] } "#)) == content1)
        #expect(try content(native(#""timestamp":0,"x":1,"#, data: #"{"a":[1,2]}"#)) == content1)
        #expect(try content(native(data: #"{"a":[1,3]}"#)) != content1)
        #expect(try content(native(data: #"{"a":[12]}"#)) != content1)
        let other = #"{"type":"Stop","source_app":"app","session_id":"s1","data":{"a":[1,2]}}"#
        #expect(try content(other) != content1)
    }

    @Test func `is different in every process`() throws {
        let bytes = Array(native(#""event_id":"e","#).utf8)
        let keys = (0..<4).compactMap { _ in
            var intake = EventIntake(redactor: Redactor(), keys: EventKeys())
            var batch = EventBatch()
            let context = EventIntake.Context(now: take.now)
            try? intake.take(0..<bytes.count, of: bytes.span, context, into: &batch)
            return batch.items.first?.key
        }
        #expect(Set(keys).count == 4)
    }
}
