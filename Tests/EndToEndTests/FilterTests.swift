import ServerSupport
import Testing

@Suite(.server(), .serialized) struct `A list of events` {
    let server: ServerProcess

    /// Names the events by their ids of the sender, the newest first.
    private func found(_ query: String) throws -> [String] {
        let answer = try server.get("/events?" + query)
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.decoded(as: EventPage.self).events.map(\.eventID)
    }

    init() throws {
        server = try .shared()
        guard try server.get("/readyz").text.contains("\"last_id\":0}") else { return }
        for (id, app, session, type, agent, second) in [
            ("a", "app-1", "s-1", "Start", nil, 10), ("b", "app-1", "s-2", "Stop", "agent", 20),
            ("c", "app-2", "s-1", "Start", "agent", 30), ("d", "app 3&", "s=4", "Stop", "x+y", 40),
        ] as [(String, String, String, String, String?, Int)] {
            var event = SampleEvent(app, id: id)
            (event.session, event.type, event.agent) = (session, type, agent)
            event.timestamp = "\"2025-01-31T10:30:\(second).500Z\""
            event.data = #"{"tool_name":"Bash","text":"Run \#(id.uppercased())"}"#
            #expect(try server.post(event.json).status == 200)
        }
    }

    @Test(
        arguments: [
            ("", "dcba"), ("source_app=app-1", "ba"), ("source_app=app-1&source_app=app-2", "cba"),
            ("source_app=app", ""), ("source_app=APP-1", ""), ("source_app=", ""),
            ("session_id=s-1", "ca"), ("session_id=s-1&session_id=s-2", "cba"),
            ("type=Stop", "db"), ("type=Stop&type=Start", "dcba"), ("type=stop", ""),
            ("agent_id=agent", "cb"), ("agent_id=agent&agent_id=other", "cb"),
            ("source_app=app-1&type=Stop", "b"), ("source_app=app-1&session_id=s-1&type=Stop", ""),
            ("source_app=app-1&source_app=app-2&agent_id=agent&type=Start", "c"),
            ("source_app=app%203%26", "d"), ("session_id=s%3D4", "d"), ("session_id=s=4", "d"),
            ("agent_id=x%2By", "d"),
        ])
    func `has those whose fields are as asked, any of the values of each`(
        query: String, ids: String
    ) throws {
        #expect(try found(query).joined() == ids)
    }

    @Test(
        arguments: [
            ("from=2025-01-31T10:30:20.500Z", "dcb"), ("from=2025-01-31T10:30:20.501Z", "dc"),
            ("to=2025-01-31T10:30:20.500Z", "a"), ("to=2025-01-31T10:30:20.501Z", "ba"),
            ("from=2025-01-31T10:30:20Z&to=2025-01-31T10:30:31Z", "cb"),
            ("from=2025-01-31T12:30:20%2B02:00", "dcb"), ("from=2025-01-31%2010:30:31Z", "d"),
            ("from=1738319421", "dc"), ("from=1738319420500", "dcb"), ("to=1738319420", "a"),
            ("from=-1h", ""), ("to=-1h", "dcba"), ("to=-3650w", ""), ("from=-3650w", "dcba"),
            ("to=now", "dcba"), ("to=%2B5m", "dcba"), ("from=now", ""), ("from=0", "dcba"),
            ("to=-1s", "dcba"), ("from=0&to=-2d", "dcba"),
        ])
    func `has those of a span of their own time, in any way to say it`(
        query: String, ids: String
    ) throws {
        #expect(try found(query).joined() == ids)
    }

    @Test(
        arguments: [
            ("order=asc", "abcd"), ("order=desc", "dcba"), ("limit=1", "d"),
            ("limit=1&order=asc", "a"), ("limit=3&order=asc", "abc"), ("limit=10000", "dcba"),
            ("order=asc&type=Stop&limit=1", "b"),
        ])
    func `has an order and a limit`(query: String, ids: String) throws {
        #expect(try found(query).joined() == ids)
    }

    @Test func `has those before and after an id, without it`() throws {
        let ids = try server.page("order=asc").ids
        #expect(ids.count == 4)
        #expect(try found("after=\(ids[1])").joined() == "dc")
        #expect(try found("after=\(ids[1])&order=asc").joined() == "cd")
        #expect(try found("before=\(ids[1])").joined() == "a")
        #expect(try found("after=\(ids[0])&before=\(ids[3])").joined() == "cb")
        #expect(try found("after=\(ids[3])") == [])
        #expect(try found("after=0&order=asc").joined() == "abcd")
        #expect(try found("before=0") == [])
        #expect(try found("after=18446744073709551615") == [])
        #expect(try found("after=18446744073709551615&order=asc") == [])
        #expect(try found("before=18446744073709551615&order=asc").joined() == "abcd")
        #expect(try found("after=\(ids[2])&before=\(ids[1])") == [])
    }

    @Test(
        arguments: [
            ("q=run%20b", "b"), ("q=RUN%20B", "b"), ("q=bash", "dcba"), ("q=bas", "dcba"),
            ("q=tool_name", ""), ("q=", "dcba"), ("q=zzz", ""), ("q=app-1", "ba"),
            ("q=Run%20A%22", ""), ("q=run%20c&type=Stop", ""), ("q=2025-01-31T10%3A30%3A30", "c"),
        ])
    func `has those with a text in one of their strings`(query: String, ids: String) throws {
        #expect(try found(query).joined() == ids)
    }

    @Test func `is asked with plus signs for spaces`() throws {
        let ids = try found("q=run+b").joined()
        #expect(ids == "b")
    }

    @Test(arguments: ["%", "%4", "%ZZ", "a%FFb", "%E2%82"])
    func `is not asked for by what is no text`(value: String) throws {
        let answer = try server.get("/events?q=\(value)")
        answer.expectError(400, "invalid_parameter")
    }
}

@Suite(.server()) struct `A text to be found` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    @Test(
        arguments: [
            (#""a\u00e7\u00e3o""#, "a%C3%A7%C3%A3o"), (#""ação""#, "a%C3%A7%C3%A3o"),
            (#""\ud83c\udf89 x""#, "%F0%9F%8E%89%20X"), (#""line\nfeed""#, "line%0Afeed"),
            (#""a\"b""#, "a%22b"), (#""a\\b""#, "a%5Cb"), (#""a\/b""#, "a/b"),
            (#""\u0041bc""#, "abc"), (#"{"k":["x",{"y":"deep down"}]}"#, "deep%20down"),
        ])
    func `is found however its sender has spelled it`(data: String, query: String) throws {
        var event = SampleEvent(SampleEvent.newApp())
        event.data = data
        let id = try server.store(event).id
        #expect(try server.page("source_app=\(event.app)&q=\(query)").ids == [id])
    }

    @Test(
        arguments: [
            (#""a\u00e7\u00e3o""#, "u00e7"), (#""AÇ""#, "%C3%A7"), (#"{"key":"value"}"#, "key"),
            (#"["kl","mn"]"#, "klmn"), ("98765432101234", "765432101"), ("true", "true"),
        ])
    func `is no escape, no key, no number, and not spread over strings`(
        data: String, query: String
    ) throws {
        var event = SampleEvent("app")
        (event.type, event.session, event.data) = ("T", SampleEvent.newApp("s"), data)
        #expect(try server.store(event).id > 0)
        #expect(try server.page("session_id=\(event.session)&q=\(query)").ids == [])
    }
}
