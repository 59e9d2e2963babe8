import Foundation
import ServerSupport
import Testing

@Suite(.server()) struct `The reference's hook client` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    /// What `send_event.py` posts: `json.dumps` with its spacing and ASCII escapes.
    private static func body(_ toolUse: String, app: String) -> String {
        #"{"source_app": "\#(app)", "session_id": "5e0bc5a9-3d4f", "hook_event_type": "#
            + #""PreToolUse", "payload": {"session_id": "5e0bc5a9-3d4f", "hook_event_name": "#
            + #""PreToolUse", "tool_name": "Bash", "tool_input": {"command": "echo "#
            + #"a\u00e7\u00e3o \ud83c\udf89"}, "tool_use_id": "\#(toolUse)"}, "#
            + #""timestamp": 1738319400123, "model_name": "", "tool_name": "Bash", "#
            + #""tool_use_id": "\#(toolUse)", "permission_suggestions": [], "is_interrupt": false}"#
    }

    /// Its request as it stands on the wire.
    private func request(_ body: String) -> String {
        "POST /events HTTP/1.1\r\nAccept-Encoding: identity\r\n"
            + "Content-Length: \(body.utf8.count)\r\nHost: localhost:\(server.port)\r\n"
            + "Content-Type: application/json\r\nUser-Agent: Claude-Code-Hook/1.0\r\n"
            + "Connection: close\r\n\r\n" + body
    }

    private func post(_ body: String) throws -> HTTPAnswer {
        let connection = try server.connect()
        try connection.send(request(body))
        let answer = try connection.readAnswer()
        #expect(connection.isClosedByPeer())
        return answer
    }

    @Test func `gets exactly 200 and its object with integer id and milliseconds`() throws {
        let app = SampleEvent.newApp()
        let body = Self.body("toolu_1", app: app)
        let answer = try post(body)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/json")
        let id = try #require(try answer.object()["id"] as? Int)
        #expect(answer.text.hasPrefix(#"{"id":\#(id),"source_app":"\#(app)","#))
        #expect(answer.text.hasSuffix(#","timestamp":1738319400123}"#))
        let sent = try #require(
            try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        let echo = try answer.object()
        for (key, value) in sent {
            #expect((echo[key] as? NSObject) == (value as? NSObject), "\(key)")
        }
        #expect(Set(echo.keys) == Set(sent.keys).union(["id", "event_id"]))
    }

    @Test func `finds its escapes as it wrote them`() throws {
        let answer = try post(Self.body("toolu_2", app: SampleEvent.newApp()))
        #expect(answer.text.contains(#"{"command":"echo a\u00e7\u00e3o \ud83c\udf89"}"#))
    }

    @Test func `is not stored twice for one tool use`() throws {
        let body = Self.body("toolu_3", app: SampleEvent.newApp())
        let (first, second) = (try post(body), try post(body))
        #expect(first.headers["tidemark-duplicate"] == nil)
        #expect(second.headers["tidemark-duplicate"] == "true")
        #expect(second.body == first.body)
    }

    @Test(
        arguments: [
            #"{}"#, #"{"source_app": "a"}"#,
            #"{"source_app": "a", "session_id": "s", "hook_event_type": "Stop"}"#,
            #"{"source_app": "", "session_id": "s", "hook_event_type": "Stop", "payload": {}}"#,
            #"{"source_app": "a", "session_id": "s", "hook_event_type": "Stop", "payload": null}"#,
            #"{"source_app": "a", "session_id": "s", "hook_event_type": "Stop", "payload": ""}"#,
            #"{"source_app": "a", "session_id": "s", "hook_event_type": "Stop", "payload": 0}"#,
            #"{"source_app": "a", "session_id": "s", "hook_event_type": "", "payload": {}}"#,
        ])
    func `is told of missing fields in the words it prints`(body: String) throws {
        let answer = try post(body)
        #expect(answer.status == 400)
        #expect(answer.text == #"{"error":"Missing required fields"}"#)
    }

    @Test(
        arguments: [
            "", "{", #"{"source_app": "#, "7", #""text""#, "null",
            #"{"source_app": 1, "session_id": "s", "hook_event_type": "Stop", "payload": {}}"#,
            #"{"payload": {}, "payload": {}}"#,
        ])
    func `is told of an invalid request in the words it prints`(body: String) throws {
        let answer = try post(body)
        #expect(answer.status == 400)
        #expect(answer.text == #"{"error":"Invalid request"}"#)
    }

    @Test(arguments: ["{}", #""text""#, "[]", "true", "-1", "0.5", #"" ""#])
    func `may send whatever payload JavaScript calls true`(payload: String) throws {
        let app = SampleEvent.newApp()
        let answer = try post(
            #"{"source_app": "\#(app)", "session_id": "s", "hook_event_type": "Stop", "#
                + #""payload": \#(payload)}"#)
        #expect(answer.status == 200)
        #expect(answer.text.contains(#","payload":\#(payload),"#))
    }

    @Test func `hears the same words under another name, by its keys`() throws {
        let answer = try server.post(#"{"source_app":"a","payload":{}}"#)
        #expect(answer.status == 400)
        #expect(answer.text == #"{"error":"Missing required fields"}"#)
    }

    @Test func `keeps a chat, a summary and keys of its own`() throws {
        let answer = try post(
            #"{"source_app": "\#(SampleEvent.newApp())", "session_id": "s", "#
                + #""hook_event_type": "Stop", "payload": {}, "chat": [{"role": "user"}], "#
                + #""summary": "done", "mine": {"a": [1, 2]}}"#)
        #expect(
            answer.text.contains(
                #","chat":[{"role":"user"}],"summary":"done","mine":{"a":[1,2]},"#))
    }
}
