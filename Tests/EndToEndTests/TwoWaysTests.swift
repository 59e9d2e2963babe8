import Foundation
import ServerSupport
import Testing

/// A small event is answered on the connection's event loop, one with a `Content-Encoding` by the router.
@Suite(.server()) struct `The two ways of one event` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private static let bodies = [
        #"{"type":"Stop","source_app":"a","session_id":"s","data":{"a":1e400}}"#,
        #"{"type":"Stop","source_app":"a","session_id":"s","data":{},"metadata":{"k":1},"more":[1]}"#,
        #"{"hook_event_type":"Stop","source_app":"a","session_id":"s","payload":{},"timestamp":5}"#,
        #"{"hook_event_name":"Stop","session_id":"s","cwd":"/srv/a"}"#,
        #"{"type":"Stop","source_app":"a","session_id":"s","data":{"k":"ghp_"# + secret + #""}}"#,
        "", "[]", "{}", "null", #"{"type":"Stop"}"#, #"{"type":"Stop","type":"Stop"}"#,
        #"{"hook_event_type":"Stop","source_app":"a"}"#, "{\"a\":tru}",
    ]
    private static let secret = String(repeating: "a1B2", count: 9)

    @Test(arguments: bodies)
    func `give the same answer`(body: String) throws {
        let loop = try answer(body, [:])
        let router = try answer(body, ["Content-Encoding": "identity"])
        #expect(loop.status == router.status)
        #expect(loop.headers == router.headers)
        #expect(loop.text == router.text)
    }

    @Test func `call a duplicate one in the same way`() throws {
        let event = SampleEvent(SampleEvent.newApp(), id: "e1").json
        try #require(try server.post(event).status == 200)
        let loop = try answer(event, [:])
        let router = try answer(event, ["Content-Encoding": "identity"])
        #expect(loop.headers == router.headers && loop.text == router.text)
    }

    /// Without what is another's by nature: the date, ids and times.
    private func answer(
        _ body: String, _ headers: [String: String]
    ) throws -> (status: Int, headers: [String: String], text: String) {
        let answer = try server.connect().post("/events", body, headers: headers)
        var fields = answer.headers
        (fields["date"], fields["content-length"]) = (nil, nil)
        let own = try Regex(
            #""(id|event_id|timestamp|server_timestamp|processing_time_ms)":[^,}]*"#)
        return (answer.status, fields, answer.text.replacing(own, with: ""))
    }
}
