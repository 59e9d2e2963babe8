import ServerSupport
import Testing

@Suite(.server()) struct `Raw hook input` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private static func input(_ session: String, cwd: String? = nil) -> String {
        let folder = cwd.map { #","cwd":"\#($0)""# } ?? ""
        return #"{"session_id":"\#(session)","transcript_path":"/t.jsonl"\#(folder),"#
            + #""hook_event_name":"PostToolUse","tool_name":"Read","tool_use_id":"toolu_9"}"#
    }

    @Test func `is stored whole as the event's data`() throws {
        let session = SampleEvent.newApp("session")
        let input = Self.input(session, cwd: "/srv/backend")
        let answer = try server.post(input, to: "/events?source_app=my-app")
        let stored = try answer.decoded(as: StoredEvent.self)
        #expect(stored.type == "PostToolUse" && stored.sourceApp == "my-app")
        #expect(stored.sessionID == session)
        #expect(answer.text.hasSuffix(#","data":\#(input)}"#))
    }

    @Test(
        arguments: [
            ("/srv/backend", "backend"), ("/srv/backend/", "backend"), ("backend", "backend"),
            (#"C:\\work\\backend"#, "backend"), (#"/srv/a\u00e7\u00e3o"#, "ação"),
        ])
    func `names its app after the last folder of cwd`(cwd: String, app: String) throws {
        let input = Self.input(SampleEvent.newApp("session"), cwd: cwd)
        let answer = try server.post(input)
        #expect(try answer.decoded(as: StoredEvent.self).sourceApp == app)
    }

    @Test(arguments: [nil, "/", ""])
    func `needs a name from somewhere`(cwd: String?) throws {
        let answer = try server.post(Self.input("s", cwd: cwd))
        answer.expectError(400, "missing_field")
        #expect(try answer.decoded(as: ErrorAnswer.self).error.details?.field == "source_app")
    }

    @Test func `takes an app's name with spaces and signs from the address`() throws {
        let input = Self.input(SampleEvent.newApp("session"))
        let answer = try server.post(input, to: "/events?source_app=caf%C3%A9%20%2B%26%3D")
        #expect(try answer.decoded(as: StoredEvent.self).sourceApp == "café +&=")
    }

    @Test func `reads a plus sign in the address as a space, as forms write it`() throws {
        let input = Self.input(SampleEvent.newApp("session"))
        let answer = try server.post(input, to: "/events?source_app=my+app")
        let app = try answer.decoded(as: StoredEvent.self).sourceApp
        #expect(app == "my app")
    }

    @Test func `cannot overrule another dialect's app`() throws {
        let app = SampleEvent.newApp()
        let answer = try server.post(SampleEvent(app).json, to: "/events?source_app=other")
        #expect(try answer.decoded(as: StoredEvent.self).sourceApp == app)
    }
}

@Suite(.server()) struct `The hooks endpoint` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private static func input(_ session: String) -> String {
        #"{"session_id":"\#(session)","cwd":"/srv/elsewhere","hook_event_name":"Stop"}"#
    }

    @Test(
        arguments: [
            ("my-app", "my-app"), ("my%20app", "my app"), ("a%2Fb", "a/b"), ("caf%C3%A9", "café"),
            ("a+b", "a+b"),
        ])
    func `stores the event under the app of its path and answers nothing`(
        part: String, app: String
    ) throws {
        let session = SampleEvent.newApp("session")
        let answer = try server.post(Self.input(session), to: "/hooks/\(part)")
        #expect(answer.status == 200 && answer.text == "{}")
        #expect(answer.headers["content-type"] == "application/json")
        let stored = try server.page("session_id=\(session)").events
        #expect(stored.map(\.sourceApp) == [app])
    }

    @Test(
        arguments: [
            ("", "invalid_json"), ("[]", "not_an_object"), ("{}", "missing_field"),
            (#"{"hook_event_name":"Stop"}"#, "missing_field"),
            (#"{"hook_event_name":"Stop","session_id":7}"#, "invalid_field"),
        ])
    func `says what is wrong with an event`(body: String, code: String) throws {
        let answer = try server.post(body, to: "/hooks/app")
        do { answer.expectError(400, code) }
    }

    @Test func `does not guess at a path that is no text`() throws {
        let answer = try server.post(Self.input("s"), to: "/hooks/%FF")
        answer.expectError(400, "invalid_parameter")
    }

    @Test func `takes one JSON object, no lines`() throws {
        let answer = try server.request(
            "POST", "/hooks/app", headers: ["Content-Type": "application/x-ndjson"],
            body: Array(Self.input("s").utf8))
        answer.expectError(415, "unsupported_media_type")
    }

    @Test func `has no parameters`() throws {
        try server.post(Self.input("s"), to: "/hooks/app?source_app=other")
            .expectError(400, "unknown_parameter")
    }
}
