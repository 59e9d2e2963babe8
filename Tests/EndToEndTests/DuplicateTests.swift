import ServerSupport
import Testing

@Suite(.server()) struct `A duplicate` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    @Test func `is answered with the stored event and said to be one`() throws {
        let event = SampleEvent(SampleEvent.newApp(), id: "e1")
        let (first, second) = (try server.post(event.json), try server.post(event.json))
        #expect(first.status == 200 && second.status == 200)
        #expect(first.headers["tidemark-duplicate"] == nil)
        #expect(second.headers["tidemark-duplicate"] == "true")
        #expect(second.body == first.body)
        #expect(try server.count(ofApp: event.app) == 1)
    }

    @Test func `is known by the id alone, whatever else it says`() throws {
        var event = SampleEvent(SampleEvent.newApp(), id: "e1")
        let first = try server.post(event.json)
        (event.type, event.session, event.data) = ("Other", "other", "[1]")
        let second = try server.post(event.json)
        #expect(second.headers["tidemark-duplicate"] == "true")
        #expect(second.body == first.body)
    }

    @Test func `is known however its id is spelled`() throws {
        let app = SampleEvent.newApp()
        let first = try server.post(SampleEvent(app, id: "é-1").json)
        let second = try server.post(SampleEvent(app, id: #"\u00e9-1"#).json)
        #expect(second.headers["tidemark-duplicate"] == "true")
        #expect(second.body == first.body)
    }

    @Test func `is none in another app, or without an id`() throws {
        let apps = (0..<2).map { _ in SampleEvent.newApp() }
        for app in apps {
            #expect(try server.store(SampleEvent(app, id: "e1")).sourceApp == app)
            for _ in 0..<3 { try server.store(SampleEvent(app)) }
            #expect(try server.count(ofApp: app) == 4)
        }
    }

    @Test func `is known by its tool use`() throws {
        var event = SampleEvent(SampleEvent.newApp())
        event.data = #"{"tool_use_id":"toolu_1","try":1}"#
        let first = try server.post(event.json)
        event.data = #"{"try":2,"tool_use_id":"toolu_1"}"#
        #expect(try server.post(event.json).body == first.body)
        event.type = "PostToolUse"
        let other = try server.post(event.json)
        #expect(other.headers["tidemark-duplicate"] == nil && other.body != first.body)
    }

    /// The first way of these is answered on the event loop, the others by the router.
    @Test(
        arguments: [
            ["Content-Type": "application/json"],
            ["Content-Type": "application/json; charset=utf-8"],
            ["Content-Type": "application/json", "Content-Encoding": "identity"], [:],
        ])
    func `has the same bytes whichever way it comes`(headers: [String: String]) throws {
        for reference in [false, true] {
            let app = SampleEvent.newApp()
            let json =
                reference
                ? #"{"hook_event_type":"T","source_app":"\#(app)","session_id":"s","#
                    + #""payload":{"tool_use_id":"t"}}"# : SampleEvent(app, id: "e1").json
            let first = try server.post(json)
            let second = try server.request(
                "POST", "/events", headers: headers, body: Array(json.utf8))
            #expect(second.status == 200 && second.body == first.body)
            #expect(
                Set(second.headers.keys)
                    == Set(first.headers.keys).union(["tidemark-duplicate"]))
        }
    }

    @Test func `of sixteen at once is stored once`() throws {
        let app = SampleEvent.newApp()
        let server = server
        for round in 0..<10 {
            let json = SampleEvent(app, id: "e\(round)").json
            let answers = try onThreads(16) { _ in try server.post(json) }
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(Set(answers.map(\.body)).count == 1)
            #expect(answers.count { $0.headers["tidemark-duplicate"] == nil } == 1)
        }
        #expect(try server.count(ofApp: app) == 10)
    }

    @Test func `of a body of lines is counted`() throws {
        let app = SampleEvent.newApp()
        let server = server
        let lines = (0..<500).map { SampleEvent(app, id: "e\($0 % 100)").json }
        let body = lines.joined(separator: "\n")
        let answers = try onThreads(8) { _ in
            try server.postLines(body).decoded(as: BatchAnswer.self)
        }
        #expect(answers.reduce(0) { $0 + $1.accepted } == 100)
        #expect(answers.reduce(0) { $0 + $1.duplicates } == 8 * 500 - 100)
        #expect(try server.count(ofApp: app) == 100)
    }

    @Test func `is still one after a restart`() throws {
        let folder = try TemporaryFolder()
        let event = SampleEvent("app", id: "e1")
        let server = try ServerProcess.start(folder: folder.path)
        let first = try server.post(event.json)
        server.kill()
        let again = try ServerProcess.start(folder: folder.path)
        let second = try again.post(event.json)
        #expect(second.headers["tidemark-duplicate"] == "true")
        #expect(second.body == first.body)
        #expect(again.terminate() == 0)
    }
}
