import ServerSupport
import Testing

@Suite(.server()) struct `A path` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private static let paths = [
        ("/", "GET, HEAD"), ("/events", "GET, HEAD, POST"), ("/events/1", "GET, HEAD"),
        ("/events/recent", "GET, HEAD"), ("/events/filter-options", "GET, HEAD"),
        ("/hooks/app", "POST"), ("/healthz", "GET, HEAD"), ("/readyz", "GET, HEAD"),
        ("/version", "GET, HEAD"), ("/openapi.yaml", "GET, HEAD"),
    ]

    @Test(arguments: paths)
    func `answers other methods than its own with those it has`(
        path: String, allow: String
    ) throws {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] where !allow.contains(method) {
            let answer = try server.request(method, path)
            answer.expectError(405, "method_not_allowed")
            #expect(answer.headers["allow"] == allow)
        }
        if !allow.contains("HEAD") {
            let answer = try server.request("HEAD", path)
            #expect(answer.status == 405 && answer.headers["allow"] == allow)
        }
    }

    @Test(arguments: paths)
    func `answers methods that nobody uses in the same way`(path: String, allow: String) throws {
        let answers = try ["TRACE", "PROPFIND", "PURGE"].map { try server.request($0, path) }
        for answer in answers {
            answer.expectError(405, "method_not_allowed")
            #expect(answer.headers["allow"] == allow)
        }
    }

    @Test(arguments: ["/nothing", "/Events", "/event", "/a/b/c", "/streams"])
    func `that there is not is answered 404, whatever the method`(path: String) throws {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            try server.request(method, path).expectError(404, "not_found")
        }
        #expect(try server.request("HEAD", path).status == 404)
    }

    @Test(arguments: [
        "/hooks", "/hooks/", "/hooks/a/b", "/events/1/2", "/healthz/x", "/events/recent/1",
    ])
    func `below or above one that there is is answered 404 too`(path: String) throws {
        let answers = try ["GET", "POST", "DELETE"].map { try server.request($0, path) }
        #expect(answers.allSatisfy { $0.status == 404 })
        for answer in answers { answer.expectError(404, "not_found") }
    }

    @Test(
        arguments: [
            "/", "/events", "/events?limit=1", "/events/recent", "/events/filter-options",
            "/healthz", "/readyz", "/version", "/openapi.yaml",
        ])
    func `answers HEAD as GET, without the body`(path: String) throws {
        let connection = try server.connect()
        let (get, head) = (
            try connection.request("GET", path), try connection.request("HEAD", path)
        )
        #expect(head.status == get.status && head.body.isEmpty)
        for name in get.headers.keys where name != "date" && name != "content-length" {
            #expect(head.headers[name] == get.headers[name])
        }
        #expect(head.headers["content-length"] != nil)
        #expect(try connection.request("GET", "/healthz").text == #"{"status":"ok"}"#)
    }

    @Test(arguments: ["/events/99999999", "/events?limit=0", "/nothing", "/hooks/app"])
    func `answers HEAD without a body also where it fails`(path: String) throws {
        let connection = try HTTPConnection(port: server.port, timeoutSeconds: 1)
        let head = try connection.request("HEAD", path)
        #expect((400..<500).contains(head.status))
        // What stands behind it must be the next answer.
        let next = try? connection.request("GET", "/healthz").text
        #expect(next == #"{"status":"ok"}"#)
    }

    @Test(arguments: ["application/x-ndjson", "text/csv"])
    func `answers HEAD of a stream without running it`(accept: String) throws {
        let connection = try server.connect()
        let head = try connection.request("HEAD", "/events", headers: ["Accept": accept])
        #expect(head.status == 200)
        #expect(head.headers["content-type"]?.hasPrefix(accept) == true)
        #expect(try connection.request("GET", "/healthz").text == #"{"status":"ok"}"#)
    }

    @Test(arguments: ["/", "/events", "/hooks/app", "/nothing"])
    func `answers OPTIONS of no page with nothing`(path: String) throws {
        let answer = try server.request("OPTIONS", path)
        #expect(answer.status == 204 && answer.body.isEmpty)
        #expect(answer.headers["access-control-allow-origin"] == nil)
    }
}
