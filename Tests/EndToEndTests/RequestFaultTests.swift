import ServerSupport
import Testing

@Suite(.server()) struct `A request that cannot be answered` {
    private static let mark = "MARK7f3a"

    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    @Test(
        arguments: [
            ("limit", ["0", "-1", "10001", "1.5", "", "MARK7f3a", "99999999999999999999", "1e2"]),
            ("order", ["", "up", "ASC", "MARK7f3a"]),
            ("after", ["", "-1", "1.5", "MARK7f3a", "18446744073709551616"]),
            ("before", ["", "-1", "0x10", "MARK7f3a"]),
            (
                "from",
                ["", "MARK7f3a", "yesterday", "-1", "-1y", "2025-01-31", "2025-02-30T00:00:00Z"]
            ),
            ("to", ["", "MARK7f3a", "-9223372036854775808d", "9223372036854775807"]),
        ])
    func `has a parameter with an impossible value`(name: String, values: [String]) throws {
        for value in values {
            let answer = try server.get("/events?\(name)=\(value)")
            answer.expectError(400, "invalid_parameter")
            let error = try answer.decoded(as: ErrorAnswer.self).error
            #expect(error.details?.field == name && error.message.hasPrefix("\(name): "))
            #expect(!answer.text.contains(Self.mark))
        }
    }

    @Test(arguments: ["from=now&to=now", "from=now&to=-1h", "from=2000&to=1000"])
    func `asks for a time that ends before it begins`(query: String) throws {
        try server.get("/events?" + query).expectError(400, "invalid_parameter")
    }

    @Test(arguments: ["limit", "order", "after", "before", "from", "to", "q"])
    func `has a parameter twice that can be meant once only`(name: String) throws {
        let value = name == "order" ? "asc" : "1"
        let answer = try server.get("/events?\(name)=\(value)&\(name)=\(value)")
        answer.expectError(400, "invalid_parameter")
    }

    @Test(
        arguments: [
            ("GET", "/events"), ("POST", "/events"), ("GET", "/events/recent"),
            ("GET", "/events/filter-options"), ("GET", "/events/1"), ("POST", "/hooks/app"),
        ])
    func `has a parameter that its path does not know`(method: String, path: String) throws {
        let answer = try server.request(method, "\(path)?\(Self.mark)=\(Self.mark)")
        answer.expectError(400, "unknown_parameter")
        #expect(!answer.text.contains(Self.mark))
    }

    @Test(arguments: ["abc", "-1", "1.0", "%20", "18446744073709551616", "MARK7f3a", "1%00"])
    func `names an event by what is no id`(id: String) throws {
        let answer = try server.get("/events/\(id)")
        answer.expectError(400, "invalid_parameter")
        #expect(!answer.text.contains(Self.mark))
    }

    @Test(arguments: ["+1", "%2B1"])
    func `names an event by a number with a sign`(id: String) throws {
        let answer = try server.get("/events/\(id)")
        answer.expectError(400, "invalid_parameter")
    }

    @Test(arguments: ["0", "18446744073709551615", "99999999"])
    func `names an event that there is not`(id: String) throws {
        try server.get("/events/\(id)").expectError(404, "not_found")
    }

    @Test(
        arguments: [
            "application/xml", "text/html", "image/png, text/plain", "MARK7f3a/x", "application",
        ])
    func `accepts nothing that there is`(accept: String) throws {
        let answer = try server.get("/events", accept: accept)
        answer.expectError(406, "not_acceptable")
        #expect(!answer.text.contains(Self.mark))
    }

    @Test(
        arguments: [
            "text/plain", "application/xml", "application/x-www-form-urlencoded", "MARK7f3a",
            "multipart/form-data; boundary=x", "application/jsonp",
        ])
    func `posts what is not understood`(type: String) throws {
        let app = SampleEvent.newApp()
        for path in ["/events", "/hooks/app"] {
            let answer = try server.request(
                "POST", path, headers: ["Content-Type": type],
                body: Array(SampleEvent(app).json.utf8))
            answer.expectError(415, "unsupported_media_type")
            #expect(!answer.text.contains(Self.mark))
        }
        #expect(try server.count(ofApp: app) == 0)
    }

    @Test func `leaves its connection in order`() throws {
        let connection = try server.connect()
        let event = SampleEvent(SampleEvent.newApp()).json
        let refused = [
            try connection.post("/nothing", event), try connection.post("/events?x=1", event),
            try connection.request(
                "POST", "/events", headers: ["Content-Type": "text/plain"],
                body: Array(event.utf8)),
            try connection.request("PUT", "/events", body: Array(event.utf8)),
            try connection.post("/events", event, headers: ["Host": "elsewhere"]),
        ]
        #expect(refused.map(\.status) == [404, 400, 415, 405, 403])
        #expect(try connection.post("/events", event).status == 200)
    }
}
