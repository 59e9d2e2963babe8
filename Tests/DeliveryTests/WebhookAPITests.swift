import Foundation
import ServerSupport
import Storage
import Testing
import TestSupport

@Suite struct `Webhooks over HTTP` {
    private let folder: ScratchFolder
    private let server: ServerProcess
    private static let entry = #"{"id":"a","url":"https://example.com/x","levels":["critical"]}"#

    init() throws {
        folder = try ScratchFolder()
        server = try ServerProcess.start(folder: folder.path)
    }

    private func ask(
        _ method: String, _ path: String, _ body: String = ""
    ) throws -> (status: Int, object: [String: Any], text: String) {
        let headers = body.isEmpty ? [:] : ["Content-Type": "application/json"]
        let answer = try server.connect().request(
            method, path, headers: headers, body: Array(body.utf8))
        let text = String(decoding: answer.body, as: UTF8.self)
        let object = try? JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return (answer.status, object ?? [:], text)
    }

    private func code(_ answer: (status: Int, object: [String: Any], text: String)) -> String? {
        (answer.object["error"] as? [String: Any])?["code"] as? String
    }

    @Test func `are added, shown without their secrets, and removed`() throws {
        #expect(try ask("GET", "/webhooks").text == #"{"webhooks":[]}"#)
        let added = try ask("POST", "/webhooks", Self.entry)
        #expect(added.status == 201)
        let secrets = try #require(added.object["secrets"] as? [String])
        #expect(secrets.count == 1 && secrets[0].hasPrefix("whsec_"))
        let shown = try ask("GET", "/webhooks/a")
        #expect(shown.object["secret_count"] as? Int == 1 && shown.object["secrets"] == nil)
        #expect(shown.object["state"] as? String == "enabled")
        #expect(shown.object["levels"] as? [String] == ["critical"])
        #expect(try !ask("GET", "/webhooks").text.contains("whsec_"))
        #expect(try ask("GET", "/webhooks/a/deliveries").text == #"{"deliveries":[]}"#)
        let again = try ask("POST", "/webhooks", Self.entry)
        #expect(again.status == 409 && code(again) == "conflict")
        let other = try ask("POST", "/webhooks", #"{"url":"https://example.com/y"}"#)
        #expect((other.object["id"] as? String)?.hasPrefix("wh_") == true)
        #expect(try ask("DELETE", "/webhooks/a").status == 204)
        for (method, path) in [
            ("DELETE", "/webhooks/a"), ("GET", "/webhooks/a"), ("POST", "/webhooks/a/test"),
            ("GET", "/webhooks/a/deliveries"), ("POST", "/deliveries/1/retry"),
        ] {
            let answer = try ask(method, path)
            #expect(answer.status == 404 && code(answer) == "not_found", "\(method) \(path)")
        }
    }

    @Test(
        arguments: [
            ("{", nil), ("[]", nil), ("{}", "url"), (#"{"url":1}"#, "url"),
            (#"{"url":"ftp://example.com"}"#, "url"),
            (#"{"url":"https://u:p@example.com"}"#, "url"),
            (#"{"url":"https://example.com","id":"A B"}"#, "id"),
            (#"{"url":"https://example.com","format":"teams"}"#, "format"),
            (#"{"url":"https://example.com","secrets":["geheim"]}"#, "secrets"),
            (#"{"url":"https://example.com","levels":["warning"]}"#, "levels"),
            (#"{"url":"https://example.com","kpis":[""]}"#, "kpis"),
            (#"{"url":"https://example.com","colour":"red"}"#, nil),
        ] as [(String, String?)])
    func `are refused with the key that is wrong`(body: String, field: String?) throws {
        let answer = try ask("POST", "/webhooks", body)
        #expect(answer.status == 400 && code(answer) == "invalid_body")
        let error = answer.object["error"] as? [String: Any]
        #expect((error?["details"] as? [String: String])?["field"] == field)
        #expect(!answer.text.contains("geheim") && !answer.text.contains("teams"))
    }

    @Test func `take no other type of body, and no parameter that there is not`() throws {
        let answer = try server.connect().request(
            "POST", "/webhooks", headers: ["Content-Type": "text/plain"],
            body: Array(Self.entry.utf8))
        #expect(answer.status == 415)
        #expect(try code(ask("GET", "/webhooks?x=1")) == "unknown_parameter")
        let large = String(repeating: "a", count: 70_000)
        #expect(try code(ask("POST", "/webhooks", #"{"url":"\#(large)"}"#)) == "body_too_large")
        _ = try ask("POST", "/webhooks", Self.entry)
        #expect(try code(ask("GET", "/webhooks/a/deliveries?limit=0")) == "invalid_parameter")
        #expect(try code(ask("POST", "/deliveries/x/retry")) == "invalid_parameter")
    }

    @Test func `are tested, and say why a message did not arrive`() async throws {
        let receiver = try await Receiver([.ok])
        _ = try ask("POST", "/webhooks", #"{"id":"local","url":"\#(receiver.url)"}"#)
        let answer = try ask("POST", "/webhooks/local/test")
        #expect(answer.status == 200 && answer.object["delivered"] as? Bool == false)
        #expect((answer.object["error"] as? String)?.contains("webhook_allow_hosts") == true)
        #expect(receiver.connections == 0)
    }
}

@Suite struct `tidemark webhook` {
    @Test func `adds, lists, tests, shows deliveries, retries and removes`() async throws {
        let receiver = try await Receiver([.ok, .status(400, body: "no"), .ok])
        let folder = try ScratchFolder()
        let file =
            "webhooks:\n  - id: from-file\n    url: http://127.0.0.1:9/\n    levels: [no_data]\n"
        try folder.write(Array(file.utf8), to: "webhooks.yaml")
        let environment = [
            "TIDEMARK_WEBHOOK_ALLOW_HOSTS": receiver.host,
            "TIDEMARK_WEBHOOK_RETRY_MILLISECONDS": "0",
        ]
        let arguments = ["--webhooks", folder.path + "/webhooks.yaml"]
        var server = try ServerProcess.start(
            folder: folder.path, arguments: arguments, environment: environment)
        func run(_ arguments: String...) throws -> CommandRun {
            try CommandRun(["webhook"] + arguments + ["--url", server.url])
        }
        let added = try run("add", receiver.url, "--id", "oncall", "--level", "alert")
        #expect(added.status == 0 && added.output.hasPrefix("id      oncall\nsecret  whsec_"))
        let test = try run("test", "oncall")
        #expect(test.status == 0 && test.output == "delivered, answered 200\n")
        let list = try run("list").output.split(separator: "\n")
        #expect(list.count == 3 && list[0].hasPrefix("ID ") && list[2].contains(" api "))
        #expect(list[1].hasPrefix("from-file  enabled  file    standard  no_data"))
        let refused = try run("remove", "from-file")
        #expect(refused.status == 1 && refused.errors.contains("file of webhooks"))
        #expect(server.terminate() == 0)

        let deliveries = try Deliveries([], folder: folder)
        try await deliveries.commit(1...1)
        try deliveries.store.close()
        server = try ServerProcess.start(
            folder: folder.path, arguments: arguments, environment: environment)
        try await expectEventually { try run("deliveries", "oncall").output.contains("failed") }
        let shown = try run("deliveries", "oncall").output
        #expect(shown.contains("1       failed") && shown.contains("it answered 400: no"))
        #expect(try run("retry", "1").status == 0)
        try await expectEventually { try run("deliveries", "oncall").output.contains("delivered") }
        #expect(receiver.received.count == 3 && receiver.ids[1] == receiver.ids[2])
        #expect(try run("retry", "7").status == 1)
        #expect(try run("remove", "oncall").status == 0)
        #expect(try run("test", "oncall").errors.contains("there is no webhook of this id"))
        #expect(try run("test", "../x").status == 2)
    }
}
