import Foundation
import ServerSupport
import Testing

/// What the reference's `send_event.py --add-chat` posts with every Stop.
@Suite(.server(), .serialized) struct `A transcript that is sent with every turn` {
    private let server: ServerProcess
    private let session = SampleEvent.newApp("session")

    init() throws {
        server = try .shared()
    }

    private func chat(_ count: Int, textBytes: Int = 20) -> String {
        let messages = (0..<count).map { number in
            #"{"type":"user","n":\#(number),"text":"\#(String(repeating: "x", count: textBytes))"}"#
        }
        return "[" + messages.joined(separator: ",") + "]"
    }

    private func body(_ chat: String, id: String = UUID().uuidString) -> String {
        #"{"source_app":"chats","session_id":"\#(session)","hook_event_type":"Stop","#
            + #""payload":{"stop_hook_active":false},"event_id":"\#(id)","timestamp":1738319400123,"#
            + #""chat":\#(chat),"summary":"done"}"#
    }

    private func id(_ answer: HTTPAnswer) throws -> Int {
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(try answer.object()["id"] as? Int)
    }

    @Test(arguments: [[:], ["Content-Encoding": "identity"]])
    func `comes back whole with every answer`(headers: [String: String]) throws {
        for count in [1, 2, 5] {
            let body = body(chat(count))
            let answer = try server.connect().post("/events", body, headers: headers)
            let id = try id(answer)
            #expect(answer.text.contains(#","chat":\#(chat(count)),"summary":"done","event_id":"#))
            let again = try server.connect().post("/events", body, headers: headers)
            #expect(again.headers["tidemark-duplicate"] == "true")
            #expect(again.body == answer.body)
            let stored = try server.get("/events/\(id)")
            #expect(!stored.text.contains(#""type":"user""#))
            #expect(stored.text.contains(#""metadata":{"chat":{"count":\#(count),"sha256":""#))
            #expect(try server.get("/events/\(id)?chat=0").body == stored.body)
            let whole = try server.get("/events/\(id)?chat=1")
            #expect(whole.text == stored.text.dropLast() + #","chat":\#(chat(count))}"#)
        }
    }

    @Test func `comes back whole where it is large`() throws {
        let large = chat(200, textBytes: 1_000)
        let answer = try server.post(body(large))
        let id = try id(answer)
        #expect(answer.text.contains(#","chat":\#(large),"#))
        let longer = chat(201, textBytes: 1_000)
        let next = try self.id(try server.post(body(longer)))
        #expect(try server.get("/events/\(next)?chat=1").text.hasSuffix(#","chat":\#(longer)}"#))
        #expect(try server.get("/events/\(id)?chat=1").text.hasSuffix(#","chat":\#(large)}"#))
    }

    @Test func `is in the reference's list, and nowhere else`() throws {
        _ = try id(try server.post(body(chat(3))))
        _ = try id(try server.post(body(chat(4))))
        let list = try server.get("/events/recent?limit=2").text
        #expect(list.contains(#","chat":\#(chat(3)),"#) && list.contains(#","chat":\#(chat(4)),"#))
        for accept in ["application/json", "application/x-ndjson", "text/csv"] {
            let events = try server.get("/events?session_id=\(session)", accept: accept)
            #expect(events.status == 200 && !events.text.contains("user"))
            #expect(!events.text.contains("transcript"))
        }
    }

    @Test func `is asked for in one way`() throws {
        let id = try id(try server.post(body(chat(1))))
        for value in ["2", "", "yes"] {
            try server.get("/events/\(id)?chat=\(value)").expectError(400, "invalid_parameter")
        }
        let plain = try server.store(SampleEvent("chats"))
        let event = try server.get("/events/\(plain.id)").body
        #expect(try server.get("/events/\(plain.id)?chat=1").body == event)
        try server.get("/events/\(id - 1)?chat=1").expectError(404, "not_found")
    }

    @Test func `counts as one event, and changes nothing that is verified`() throws {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(folder: folder.path)
        for count in 1...5 { _ = try id(try server.post(body(chat(count)))) }
        let query =
            "/metrics?interval=1h&metric=events&from=2025-01-31T00:00:00Z&to=2025-02-01T00:00:00Z"
        #expect(try server.get(query).text.contains(#""count":5"#))
        #expect(server.terminate() == 0)
        let run = try CommandRun(["verify", "--data", folder.path])
        #expect(run.status == 0, "\(run.output) \(run.errors)")
    }
}

@Suite(.server("--set", "recent_chat_bytes_max=300")) struct `A list with too many transcripts` {
    @Test func `has those of its newest events`() throws {
        let server = try ServerProcess.shared()
        let session = SampleEvent.newApp("session")
        let chats = (1...4).map { count in
            "["
                + (0..<count).map { "\"message \($0) \(String(repeating: "x", count: 80))\"" }
                .joined(separator: ",") + "]"
        }
        for chat in chats {
            let body =
                #"{"source_app":"a","session_id":"\#(session)","hook_event_type":"Stop","#
                + #""payload":{"k":1},"chat":\#(chat)}"#
            try #require(try server.post(body).status == 200)
        }
        let list = try server.get("/events/recent?limit=4")
        let events = try #require(
            try JSONSerialization.jsonObject(with: Data(list.body)) as? [[String: Any]])
        #expect(events.map { ($0["chat"] as? [String])?.count } == [nil, nil, nil, 4])
    }
}
