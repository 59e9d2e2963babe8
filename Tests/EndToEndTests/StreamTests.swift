import Foundation
import ServerSupport
import Testing

@Suite(.server("--allow-origin", "http://localhost:5173")) struct `A stream over WebSocket` {
    let server: ServerProcess

    init() throws { server = try .shared() }

    private func client(_ target: String = "/stream") throws -> WebSocketClient {
        try WebSocketClient(port: server.port, target: target)
    }

    private func subscribed(app: String, since: Int? = nil) throws -> WebSocketClient {
        let client = try client()
        try client.subscribe(filters: "{\"source_apps\":[\"\(app)\"]}", since: since)
        #expect(try client.read().type == "subscribed")
        return client
    }

    @Test func `brings an event as it is stored`() throws {
        let app = SampleEvent.newApp()
        let client = try subscribed(app: app)
        let answer = try server.post(SampleEvent(app).json)
        let message = try client.read()
        #expect(message.type == "event")
        #expect(message.text.contains("\"payload\":\(answer.text),\"timestamp\":"))
    }

    @Test func `brings what its filter says and nothing else, over many events`() throws {
        let app = SampleEvent.newApp()
        let client = try subscribed(app: app)
        let lines = (0..<3_000).map { number in
            SampleEvent(number % 3 == 0 ? app : "other").json + "\n"
        }
        #expect(try server.postLines(lines.joined()).status == 200)
        let ids = try client.read(1_000, "event").compactMap(\.id)
        #expect(ids == ids.sorted() && Set(ids).count == 1_000)
        let stored = try server.page("limit=10000&order=asc&source_app=\(app)").events.map(\.id)
        #expect(ids == stored.map { Int($0) })
    }

    @Test func `reads on where it left off, and goes over to the live events`() throws {
        let app = SampleEvent.newApp()
        let lines = (0..<2_500).map { _ in SampleEvent(app).json + "\n" }
        #expect(try server.postLines(lines.joined()).status == 200)
        let stored = try server.page("limit=10000&order=asc&source_app=\(app)").events.map(\.id)
        let client = try subscribed(app: app, since: Int(stored[99]))
        let late = try onThreads(4) { [server] _ in
            try (0..<50).map { _ in Int(try server.store(SampleEvent(app)).id) }
        }.flatMap(\.self)
        let ids = try client.read(2_600, "event").compactMap(\.id)
        #expect(ids == stored[100...].map { Int($0) } + late.sorted())
    }

    @Test func `answers what it does not understand, and stays`() throws {
        let client = try client()
        try client.send("{\"action\":\"dance\"}")
        #expect(try client.read().texts["code"] == "invalid_message")
        try client.subscribe(since: 99_999_999)
        #expect(try client.read().texts["code"] == "since_unknown")
        try client.send("{\"action\":\"unsubscribe\",\"id\":\"x\"}")
        #expect(try client.read().texts["code"] == "subscription_unknown")
        try client.send("{\"action\":\"ping\",\"id\":\"7\"}")
        let pong = try client.read()
        #expect(pong.type == "pong" && pong.texts["id"] == "7" && pong.texts["log_id"] != nil)
    }

    @Test func `is closed with a code where it breaks the rules`() throws {
        let frames: [(UInt8, [UInt8], Int)] = [
            (2, [1], 1_003), (1, [0xFF], 1_007), (3, [], 1_002),
            (1, Array(repeating: 32, count: 70_000), 1_009),
        ]
        for (opcode, payload, code) in frames {
            let client = try client()
            try client.send(opcode: opcode, payload)
            #expect(try client.readFrame().code == code)
            #expect(client.connection.isClosedByPeer())
        }
    }

    @Test func `says farewell, and answers pings`() throws {
        let client = try client()
        try client.send(opcode: 9, [1, 2])
        let pong = try client.readFrame()
        #expect(pong.opcode == 10 && pong.payload == [1, 2])
        try client.send(opcode: 8, [0x03, 0xE8])
        #expect(try client.readFrame().code == 1_000)
        #expect(client.connection.isClosedByPeer())
    }

    @Test func `begins on a connection that has done other things before`() throws {
        let connection = try server.connect()
        #expect(try connection.request("GET", "/healthz").status == 200)
        try connection.sendHead("GET", "/stream", headers: WebSocketClient.handshake)
        #expect(try connection.readHead().status == 101)
    }

    @Test(
        arguments: [
            (["Upgrade": "h2c"], 426), (["Sec-WebSocket-Version": "8"], 426),
            (["Sec-WebSocket-Key": "short"], 426), (["Connection": "close"], 426),
            (["Origin": "http://evil.example"], 403), (["Host": "evil.example"], 403),
        ])
    func `is refused like any request`(headers: [String: String], status: Int) throws {
        let connection = try server.connect()
        try connection.sendHead(
            "GET", "/stream", headers: WebSocketClient.handshake.merging(headers) { $1 })
        let answer = try connection.readAnswer()
        #expect(answer.status == status)
        #expect(answer.text.contains("\"error\""))
    }

    @Test func `is open to the pages that were named`() throws {
        for origin in ["http://localhost:5173", server.url] {
            _ = try WebSocketClient(port: server.port, headers: ["Origin": origin])
        }
    }

    @Test func `tells the buckets that change, and the open ones on subscribing`() throws {
        let app = SampleEvent.newApp()
        try server.store(SampleEvent(app))
        let filters = "{\"metrics\":[\"events\"],\"source_apps\":[\"\(app)\"]}"
        let client = try client()
        #expect(try eventually { try server.get("/metrics/names").text.contains("events") })
        try client.subscribe(streams: "[\"metric\"]", filters: filters)
        let open = try #require(try client.read(1, "metric").first)
        #expect(open.text.contains("\"metric\":\"events\"") && open.text.contains(app))
        #expect(open.texts["interval"] == "1m")
        try server.store(SampleEvent(app))
        // In this minute or, where a new one has begun, in that one.
        let changed = try #require(try client.read(1, "metric").first)
        #expect(changed.text.contains("\"count\":2") || changed.text.contains("\"count\":1"))
    }

    @Test func `speaks the reference's dialect to its dashboard`() throws {
        let app = SampleEvent.newApp()
        try server.store(SampleEvent(app))
        let client = try client("/stream?dialect=reference")
        let initial = try client.readFrame().text
        #expect(initial.hasPrefix("{\"type\":\"initial\",\"data\":[{\"id\":"))
        #expect(initial.contains("\"source_app\":\"\(app)\""))
        let next = SampleEvent.newApp()
        try server.store(SampleEvent(next))
        while true {
            let event = try client.readFrame().text
            #expect(event.hasPrefix("{\"type\":\"event\",\"data\":{\"id\":"))
            if event.contains("\"source_app\":\"\(next)\"") { break }
        }
    }
}

@Suite(.server("--set", "stream_queue_frames_max=100", "--set", "stream_heartbeat_seconds=1"))
struct `A client that does not read` {
    let server: ServerProcess

    init() throws { server = try .shared() }

    @Test func `is told what it has lost, and can fetch exactly that`() throws {
        let app = SampleEvent.newApp()
        var event = SampleEvent(app)
        event.data = "\"" + String(repeating: "text ", count: 800) + "\""
        let slow = try WebSocketClient(port: server.port, receiveBufferBytes: 8_192)
        let other = try WebSocketClient(port: server.port)
        for client in [slow, other] {
            try client.subscribe(filters: "{\"source_apps\":[\"\(app)\"]}")
            #expect(try client.read().type == "subscribed")
        }
        for _ in 0..<20 {
            let lines = Array(repeating: event.json + "\n", count: 200).joined()
            #expect(try server.postLines(lines).status == 200)
        }
        // Once another client has heard of all of them, the slow one has lost what it will lose.
        _ = try readAll(4_000, other, app: app)
        let (got, lost) = try readAll(4_000, slow, app: app)
        #expect(!lost.isEmpty)
        let stored = try server.page("limit=10000&order=asc&source_app=\(app)").events
        #expect((got + lost).sorted() == stored.map { Int($0.id) })
    }

    /// Reads events and gaps until together they are so many.
    private func readAll(
        _ count: Int, _ client: WebSocketClient, app: String
    ) throws -> (got: [Int], lost: [Int]) {
        var (got, lost): ([Int], [Int]) = ([], [])
        while got.count + lost.count < count {
            let message = try client.read()
            if message.type == "event" { got.append(try #require(message.id)) }
            guard message.type == "gap" else { continue }
            #expect(message.texts["reason"] == "slow" && message.texts["id"] == "main")
            let from = try #require(message.numbers["from_id"])
            let to = try #require(message.numbers["to_id"])
            let missed = try server.page(
                "limit=10000&order=asc&source_app=\(app)&after=\(from - 1)&before=\(to + 1)")
            #expect(missed.events.count == message.numbers["dropped"])
            lost += missed.events.map { Int($0.id) }
        }
        return (got, lost)
    }

    @Test func `hears a heart that beats`() throws {
        let client = try WebSocketClient(port: server.port)
        let frame = try client.readFrame()
        #expect(frame.text.hasPrefix("{\"type\":\"heartbeat\",\"payload\":{\"log_id\":\""))
    }
}
