import Foundation
import ServerSupport
import Testing

@Suite(.countedFolder, .serialized) struct `Verify beside a server` {
    private let folder: VerifyFolder
    private let server: ServerProcess

    init() throws {
        folder = try .shared()
        server = try folder.serve()
    }

    private func verifyURL() throws -> CommandRun {
        try CommandRun(["verify"], environment: ["TIDEMARK_URL": server.url])
    }

    @Test func `finds nothing while events and samples come in`() throws {
        let runs = try onThreads(3) { number in
            guard number == 0 else {
                return try (0..<3).map { _ in
                    number == 1 ? try folder.verify() : try verifyURL()
                }
            }
            for batch in 10..<60 {
                try VerifyLoad.post(batch * 50..<(batch + 1) * 50, to: server)
            }
            return []
        }
        for run in runs.joined() {
            #expect(run.status == 0 && run.errors == "", "\(run.output)")
            #expect(run.output.hasSuffix("all is as the log says\n"))
        }
        #expect(server.terminate() == 0)
        let last = try folder.verify()
        #expect(last.status == 0, "\(last.output)")
        #expect(server.errorText == "")
    }

    @Test func `counts what was acknowledged just before`() throws {
        let last = try server.post(SampleEvent("app").json)
        let id = try #require(last.text.firstMatch(of: /"id":([0-9]+)/)?.1)
        let run = try verifyURL()
        #expect(run.status == 0 && run.output.contains(" up to id \(id) in "), "\(run.output)")
    }

    @Test func `finds a planted difference`() throws {
        // Of a minute that nothing changes any more.
        try folder.python(
            "db.execute('UPDATE recent SET count = count + 1 WHERE recent_id = "
                + "(SELECT min(recent_id) FROM recent WHERE minute < 1767700000)')")
        let run = try verifyURL()
        #expect(run.status == 3)
        #expect(run.errors.contains("differ") && run.output.contains("  recounted  count "))
    }

    // MARK: POST /verify

    @Test func `answers with progress and the result, a line each`() throws {
        let answer = try server.request("POST", "/verify")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/x-ndjson")
        let lines = try answer.lines.map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line)) as? [String: [String: Any]])
        }
        #expect(lines.count >= 2)
        #expect(lines.allSatisfy { $0.count == 1 })
        #expect(lines.dropLast().allSatisfy { $0["progress"]?["phase"] is String })
        let result = try #require(lines.last?["result"])
        let intervals = try #require(result["intervals"] as? [[String: Any]])
        #expect(
            intervals.compactMap { $0["interval"] as? String } == ["1m", "3m", "5m", "15m", "1h"])
        #expect((result["differences"] as? [Any])?.isEmpty == true)
        #expect((result["lines"] as? Int ?? 0) > 480)
    }

    @Test func `is done for one at a time`() throws {
        let first = try server.connect()
        try first.sendHead("POST", "/verify", headers: ["Content-Length": "0"])
        #expect(try first.readHead().status == 200)
        try server.request("POST", "/verify").expectError(409, "verify_running")
        #expect(try verifyURL().errors.hasPrefix("error: the log is being recounted already"))
        try waitForResult(first)
        #expect(try eventually { try server.request("POST", "/verify").status == 200 })
    }

    private func waitForResult(_ connection: HTTPConnection) throws {
        var text = ""
        while !text.contains("\"result\"") {
            let piece = try connection.readSome()
            try #require(!piece.isEmpty)
            text += String(decoding: piece, as: UTF8.self)
        }
    }

    @Test func `is given up when the client goes away`() throws {
        let client = try server.connect()
        try client.sendHead("POST", "/verify", headers: ["Content-Length": "0"])
        #expect(try client.readHead().status == 200)
        client.reset()
        #expect(try eventually { try server.request("POST", "/verify").status == 200 })
    }

    @Test func `does not keep the server from its end`() throws {
        let client = try server.connect()
        try client.sendHead("POST", "/verify", headers: ["Content-Length": "0"])
        #expect(try client.readHead().status == 200)
        let start = ContinuousClock.now
        #expect(server.terminate() == 0)
        #expect(ContinuousClock.now - start < .seconds(8))
    }

    @Test func `knows no parameter`() throws {
        try server.request("POST", "/verify?x=1").expectError(400, "unknown_parameter")
        try server.get("/verify").expectError(405, "method_not_allowed")
    }
}
