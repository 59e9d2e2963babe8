import EventFormats
import EventLine
import Foundation
import Intake
import TimeSeries
import Testing

@Suite struct `A key of the envelope` {
    @Test(arguments: [
        #""\u0069d":5"#, #""server\u005ftimestamp":"x""#, #""processing_time_m\u0073":1"#,
        #""\u0065nrichment_version":"9""#,
    ])
    func `is moved to the metadata where a sender may not set it, as it is spelled`(
        member: String
    ) throws {
        let taken = try take(native(member + ","))
        #expect(taken.metadata == #"{"sender":{\#(member)}}"#)
        #expect(taken.text.hasPrefix(#"{"id":7,"event_id":"#))
        #expect(taken.text.hasSuffix(#","metadata":{"sender":{\#(member)}}}"# + "\n"))
    }

    @Test func `is moved with all others, in the order of the line`() throws {
        let taken = try take(
            native(
                #"""
                "x":1,"server_timestamp":"s","metadata":{"a":1},"id":{ "n" : [5] },"y":2,\#
                "enrichment_version":null,"processing_time_ms":-1e400,
                """#))
        #expect(
            taken.text.hasSuffix(
                #"""
                "data":{},"metadata":{"a":1,"sender":{"id":{"n":[5]},"server_timestamp":"s",\#
                "processing_time_ms":-1e400,"enrichment_version":null}},"x":1,"y":2}

                """#))
    }

    @Test(arguments: [
        (#""event\u005fid":"e1","#, "e1"), (#""\u0065\u0076ent_id":"\u00651","#, "e1"),
    ])
    func `is known however it is spelled`(member: String, id: String) throws {
        let object = try take(native(member)).object()
        #expect(object["event_id"] as? String == id)
        #expect(object.count == 10)
    }

    @Test func `may be spelled with escapes throughout`() throws {
        let keys = [
            "type", "source_app", "session_id", "agent_id", "event_id", "timestamp", "data",
        ]
        let values = ["T", "a", "s", "g", "e", Taking.time]
        var members = zip(keys, values).map { "\(escapedToken($0)):\(token($1))" }
        members.append("\(escapedToken("data")):{}")
        let taken = try take("{\(members.joined(separator: ","))}")
        #expect(
            taken.text == #"""
                {"id":7,"event_id":"e","type":"T","source_app":"a","session_id":"s","agent_id":"g",\#
                "timestamp":"2025-01-31T10:30:00.000Z",\#
                "server_timestamp":"2025-01-31T10:30:00.003Z","processing_time_ms":3,\#
                "enrichment_version":"1.0.0","data":{}}

                """#)
    }

    @Test(arguments: ["Id", "ID", "id ", " id", "i", "idd", "id\u{0}", "ｉd", "_id", "", "Metadata"])
    func `is no key that merely resembles it`(key: String) throws {
        let taken = try take(native("\(token(key)):1,"))
        #expect(taken.metadata == nil)
        #expect(taken.text.hasSuffix(#","data":{},\#(token(key)):1}"# + "\n"))
    }

    @Test(arguments: EventKey.allCases)
    func `may not be given twice, in whatever spelling`(key: EventKey) {
        for other in [token(key.name), escapedToken(key.name)] {
            for event in [
                native("\(token(key.name)):1,\"x\":2,\(other):3,"),
                #"{\#(other):3,"hook_event_name":"n","session_id":"s",\#(token(key.name)):"n"}"#,
                #"{"hook_event_type":"n",\#(other):3,"payload":{},\#(token(key.name)):"n"}"#,
            ] {
                let fault = take.fault(event)
                // These two are no keys of any envelope, and a hook may repeat them.
                if key == .cwd || key == .toolUseID {
                    #expect(fault?.code != .duplicateKey)
                } else {
                    #expect(fault?.code == .duplicateKey)
                    #expect(fault?.field == key.name)
                    #expect(fault?.message.hasSuffix(": given more than once") == true)
                }
            }
        }
    }

    @Test(arguments: EventKey.allCases)
    func `is known by every one of its letters`(key: EventKey) {
        let name = Array(key.name.utf8)
        for place in name.indices {
            for change: UInt8 in [0x01, 0x20] {
                var other = name
                other[place] ^= change
                let text = String(decoding: other, as: UTF8.self)
                // A second key would be a fault if it were the same one.
                let event = "{\(token(key.name)):1,\(token(text)):2}"
                #expect(take.fault(event)?.code != .duplicateKey, "\(text)")
            }
        }
    }

    @Test func `may be given twice deeper down, as any other key may`() throws {
        let data = #"{"id":1,"id":2,"type":"x","type":"y"}"#
        #expect(try take(native(#""x":1,"x":2,"#, data: data)).data == data)
        #expect(try take(native(#""x":1,"x":2,"#)).text.hasSuffix(#""x":1,"x":2}"# + "\n"))
    }

    @Test func `of the native dialect is moved where a reference event has it`() throws {
        let taken = try take(
            #"""
            {"hook_event_type":"Stop","type":"T","source_app":"a","data":[1],"session_id":"s",\#
            "payload":{"p":1},"event_id":"e","id":3}
            """#)
        #expect(taken.data == #"{"p":1}"#)
        #expect(taken.eventID == #""e""#)
        #expect(taken.metadata == #"{"sender":{"id":3,"type":"T","data":[1]}}"#)
    }
}
