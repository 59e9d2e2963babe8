import Foundation
import ServerSupport
import Testing

@Suite struct `A full queue` {
    private func server(_ setting: String, _ folder: TemporaryFolder) throws -> ServerProcess {
        try .start(folder: folder.path, arguments: ["--set", setting])
    }

    @Test(arguments: ["queue_events_max=1", "queue_bytes_max=4096"])
    func `takes one event after the other, whatever their size`(setting: String) throws {
        let folder = try TemporaryFolder()
        let server = try server(setting, folder)
        var event = SampleEvent("app")
        event.data = "\"" + String(repeating: "x", count: 10_000) + "\""
        for number in 1...5 {
            // The room of the one before is free a moment after its answer.
            let json = event.json
            #expect(try eventually { try server.post(json).status == 200 })
            #expect(try server.count(ofApp: "app") == number)
        }
        #expect(server.terminate() == 0)
    }

    @Test func `refuses single events with 503 and when to come again`() throws {
        let folder = try TemporaryFolder()
        let server = try server("queue_events_max=1", folder)
        let json = SampleEvent("app").json
        var answers: [HTTPAnswer] = []
        // Waves, until one was too high.
        for _ in 0..<200 where answers.allSatisfy({ $0.status == 200 }) {
            answers += try onThreads(16) { _ in try server.post(json) }
        }
        let refused = answers.filter { $0.status != 200 }
        #expect(!refused.isEmpty)
        for answer in refused { answer.expectError(503, "queue_full") }
        #expect(refused.allSatisfy { $0.headers["retry-after"] == "1" })
        #expect(try server.count(ofApp: "app") == answers.count - refused.count)
    }

    @Test func `says how many lines of a body it has taken, and they are stored`() throws {
        let folder = try TemporaryFolder()
        let server = try server("queue_events_max=1", folder)
        let wasRefused = try eventually(withinSeconds: 60) {
            let answers = try onThreads(4) { _ in
                let app = SampleEvent.newApp()
                let lines = (0..<12_000).map { number in
                    number == 5 ? "{}\n" : SampleEvent(app, id: "\(number)").json + "\n"
                }
                return (app, try server.postLines(lines.joined()))
            }
            for (app, answer) in answers where answer.status != 200 {
                try Self.check(answer, app, server)
            }
            return answers.contains {
                let details = try? $0.1.decoded(as: ErrorAnswer.self).error.details
                return details?.linesTaken ?? 0 > 0
            }
        }
        #expect(wasRefused)
    }

    /// Every line up to the number must be there, but for the one that was bad.
    private static func check(
        _ answer: HTTPAnswer, _ app: String, _ server: ServerProcess
    ) throws {
        answer.expectError(503, "queue_full")
        let taken = try #require(
            try answer.decoded(as: ErrorAnswer.self).error.details?.linesTaken)
        #expect((0..<12_000).contains(taken))
        let stored = try server.get(
            "/events?order=asc&source_app=\(app)", accept: "application/x-ndjson")
        let ids = try stored.lines.map { line in
            try JSONDecoder().decode(StoredEvent.self, from: Data(line)).eventID
        }
        let expected = (0..<taken).filter { $0 != 5 }.map(String.init)
        #expect(Array(ids.prefix(expected.count)) == expected)
    }
}
