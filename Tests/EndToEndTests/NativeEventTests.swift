import Foundation
import ServerSupport
import Testing

@Suite(.server()) struct `A posted event` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    @Test func `is answered with the line that is stored`() throws {
        let app = SampleEvent.newApp()
        var event = SampleEvent(app, id: "e-1")
        event.agent = "agent_001"
        event.timestamp = "\"2025-01-31T10:30:00Z\""
        event.data = #"{"tool_name":"Bash"}"#
        let answer = try server.post(event.json)
        let id = try answer.decoded(as: StoredEvent.self).id
        #expect(answer.status == 200)
        #expect(
            answer.text.hasPrefix(
                #"{"id":\#(id),"event_id":"e-1","type":"PreToolUse","source_app":"\#(app)","#
                    + #""session_id":"s1","agent_id":"agent_001","#
                    + #""timestamp":"2025-01-31T10:30:00.000Z","server_timestamp":"20"#))
        #expect(
            answer.text.hasSuffix(
                #","enrichment_version":"1.0.0","data":{"tool_name":"Bash"}}"#))
        let single = try server.get("/events/\(id)")
        #expect(single.status == 200)
        #expect(single.body == answer.body)
        let lines = try server.get("/events?source_app=\(app)", accept: "application/x-ndjson")
        #expect(lines.body == answer.body + [UInt8(ascii: "\n")])
    }

    @Test func `is on the disk when it is answered`() throws {
        let answer = try server.post(SampleEvent(SampleEvent.newApp()).json)
        let log = server.folder + "/log"
        let files = try FileManager.default.contentsOfDirectory(atPath: log)
        let text = try files.map { try String(contentsOfFile: log + "/" + $0, encoding: .utf8) }
        #expect(text.joined().contains(answer.text + "\n"))
    }

    @Test(
        arguments: [
            "1e400", "-0.0", "123456789012345678901234567890", "null", "false", #""""#, "[]", "{}",
            #""a\u00e7\/\n\u0000ação🎉""#, #"{"b":1,"a":{"b":[1,2,{}]},"b":2}"#, #"["\ud800"]"#,
        ])
    func `keeps the bytes of any data`(data: String) throws {
        var event = SampleEvent(SampleEvent.newApp())
        event.data = data
        let answer = try server.post(event.json)
        #expect(answer.status == 200)
        #expect(answer.text.hasSuffix(#","data":\#(data)}"#))
    }

    @Test func `loses nothing but white space between tokens`() throws {
        let answer = try server.post(
            "{\r\n \"type\" : \"T\",\n\t\"source_app\":\"\(SampleEvent.newApp())\" ,"
                + "\"session_id\":\"s\", \"data\" : { \"text\" : \" a  b \" , \"n\":[ 1 ,2 ] } }\n")
        #expect(answer.status == 200)
        #expect(answer.text.hasSuffix(#","data":{"text":" a  b ","n":[1,2]}}"#))
    }

    @Test func `keeps the sender's other keys in their order, behind its data`() throws {
        let answer = try server.post(
            #"{"zeta":1,"type":"T","source_app":"\#(SampleEvent.newApp())","alpha":[2],"#
                + #""session_id":"s","data":1,"metadata":{"k":"v"},"zeta2":"x"}"#)
        #expect(
            answer.text.hasSuffix(
                #","data":1,"metadata":{"k":"v"},"zeta":1,"alpha":[2],"zeta2":"x"}"#))
    }

    @Test func `keeps what a sender may not set under metadata`() throws {
        let first = try server.post(SampleEvent(SampleEvent.newApp()).json)
        let other = SampleEvent.newApp()
        let app = try first.decoded(as: StoredEvent.self).sourceApp
        let again = try server.post(first.text.replacing(app, with: other))
        #expect(again.status == 200)
        let (old, new) = (
            try first.decoded(as: StoredEvent.self), try again.decoded(as: StoredEvent.self)
        )
        #expect(new.id > old.id && new.eventID == old.eventID && new.timestamp == old.timestamp)
        #expect(
            again.text.hasSuffix(
                #","metadata":{"sender":{"id":\#(old.id),"#
                    + #""server_timestamp":"\#(old.serverTimestamp)","#
                    + #""processing_time_ms":\#(old.processingTimeMs),"#
                    + #""enrichment_version":"1.0.0"}}}"#))
    }

    @Test(
        arguments: [
            (#""2025-01-31T10:30:00Z""#, "2025-01-31T10:30:00.000Z"),
            (#""2025-01-31t12:30:00.1239+02:00""#, "2025-01-31T10:30:00.123Z"),
            ("1738319400123", "2025-01-31T10:30:00.123Z"),
            ("1738319400123.9", "2025-01-31T10:30:00.123Z"),
            ("0", "1970-01-01T00:00:00.000Z"), ("-1", "1969-12-31T23:59:59.999Z"),
        ])
    func `may have its time in any of these forms`(token: String, time: String) throws {
        var event = SampleEvent(SampleEvent.newApp())
        event.timestamp = token
        #expect(try server.store(event).timestamp == time)
    }

    @Test(arguments: [nil, "null"])
    func `happens now where it says nothing of time`(token: String?) throws {
        var event = SampleEvent(SampleEvent.newApp())
        event.timestamp = token
        #expect((0..<10_000).contains(try server.store(event).processingTimeMs))
    }

    @Test func `may be of any type, app and session, in any script`() throws {
        var event = SampleEvent("приложение \(UUID())")
        event.type = "型 with spaces/and:more"
        event.session = "säsong-🎉"
        let stored = try server.store(event)
        #expect(stored.type == event.type && stored.sessionID == event.session)
    }

    @Test func `loses its secrets before anything is stored`() throws {
        let secret = "sk-ant-" + String(repeating: "Q7x", count: 12)
        var event = SampleEvent(SampleEvent.newApp())
        event.data = #"{"tool_input":{"command":"curl -H 'x-key: \#(secret)'"}}"#
        let answer = try server.post(event.json)
        #expect(answer.status == 200)
        #expect(answer.text.contains("[redacted:anthropic_key]"))
        #expect(answer.text.hasSuffix(#","metadata":{"redacted":{"anthropic_key":1}}}"#))
        let found = try CommandRun("/bin/grep", ["-rlF", secret, server.folder])
        #expect(found.status == 1 && found.output == "")
    }
}
