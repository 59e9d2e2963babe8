import ServerSupport
import Testing

@Suite struct `A query of a server` {
    private func answered(
        _ status: String, type: String = "application/json", _ body: String, length: Int? = nil
    ) throws -> CannedServer {
        try CannedServer(
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n"
                + "Content-Length: \(length ?? body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        )
    }

    private static let fault =
        #"{"error":{"code":"some_code","message":"it is \u001b[2J so","details":{}}}"#

    @Test(
        arguments: [
            ("401 Unauthorized", "give an access token with --token or TIDEMARK_TOKEN"),
            (
                "403 Forbidden",
                "the access token may not, or the server does not know this name for itself"
            ),
            ("404 Not Found", "is it a tidemark server, and as new as this tidemark?"),
            ("422 Unprocessable Content", "--format csv has no such limit"),
            ("503 Service Unavailable", "try again in a moment"),
            ("500 Internal Server Error", nil),
        ])
    func `says what the server refuses, what helps, and exits with 1`(
        status: String, hint: String?
    ) throws {
        let server = try answered(status, Self.fault)
        defer { server.close() }
        for verb in [["query", "events"], ["export"], ["metrics"]] {
            let run = try CommandRun(verb + ["--url", server.url])
            #expect(run.status == 1 && run.output == "")
            let hints = hint.map { "hint: \($0)\n" } ?? ""
            #expect(run.errors == "error: it is \u{FFFD}[2J so\n" + hints)
        }
    }

    @Test func `that was asked wrongly exits with 2`() throws {
        let server = try answered(
            "400 Bad Request",
            #"{"error":{"code":"invalid_parameter","message":"interval: must be another"}}"#)
        defer { server.close() }
        let run = try CommandRun(["export", "--url", server.url])
        #expect(run.status == 2 && run.errors == "error: interval: must be another\n")
    }

    @Test(arguments: ["502 Bad Gateway", "400 Bad Request"])
    func `says what a proxy refuses`(status: String) throws {
        let server = try answered(status, type: "text/html", "<h1>no</h1>")
        defer { server.close() }
        let run = try CommandRun(["export", "--url", server.url])
        #expect(run.status == 1 && run.output == "")
        #expect(run.errors == "error: the server answered \(status.prefix(3))\n")
    }

    @Test func `says that what answers is another program`() throws {
        let server = try answered("200 OK", type: "text/html", "<h1>welcome</h1>")
        defer { server.close() }
        for verb in [["query", "events"], ["export"], ["metrics"]] {
            let run = try CommandRun(verb + ["--url", server.url])
            #expect(run.status == 1 && run.output == "")
            #expect(
                run.errors == """
                    error: what answers at \(server.url) is no tidemark server
                    hint: look at --url, and at TIDEMARK_URL

                    """)
        }
    }

    @Test func `says that an answer has broken off, and leaves no file`() throws {
        let server = try answered(
            "200 OK", type: "text/csv", "metric,bucket_start\r\n", length: 999)
        defer { server.close() }
        let folder = try TemporaryFolder()
        try folder.write("old.csv", "old")
        let run = try CommandRun(
            ["export", "--url", server.url, "-o", "old.csv"], in: folder.path)
        #expect(run.status == 1)
        #expect(
            run.errors == """
                error: the server broke off in the middle of its answer
                hint: its own log says why

                """)
        let listing = try CommandRun("/bin/sh", ["-c", "ls -A; cat old.csv"], in: folder.path)
        #expect(listing.output == "old.csv\nold")
    }

    @Test func `says that a list of names is none`() throws {
        let server = try answered("200 OK", #"{"names":[]}"#)
        defer { server.close() }
        let run = try CommandRun(["metrics", "--url", server.url])
        #expect(run.status == 1)
        #expect(run.errors == "error: the server's list of metrics cannot be read\n")
    }

    @Test func `shows its token, from the flag or the environment, and none without`() throws {
        let server = try answered("200 OK", type: "text/csv", "")
        defer { server.close() }
        let environment = [
            "TIDEMARK_TOKEN": "from-environment", "TIDEMARK_URL": server.url + "/at/",
        ]
        _ = try CommandRun(["export"], environment: environment)
        _ = try CommandRun(["export", "--token", "from-flag"], environment: environment)
        _ = try CommandRun(["export", "--url", server.url])
        let heads = server.requestHeads
        try #require(heads.count == 3)
        #expect(heads[0].hasPrefix("GET /at/metrics?metric=*&interval=1h&from=0000-01-01T"))
        #expect(heads[0].contains("uthorization: Bearer from-environment\r\n"))
        #expect(heads[1].contains("uthorization: Bearer from-flag\r\n"))
        #expect(heads[2].hasPrefix("GET /metrics?") && !heads[2].contains("uthorization"))
    }
}
