import Foundation
import ServerSupport
import Storage
import Testing
import TestSupport

@Suite struct `A server that is killed` {
    /// What is committed is delivered, whenever the server ends by kill -9, and each message has one id.
    @Test func `between outbox and delivery loses nothing`() async throws {
        let receiver = try await Receiver([.ok, .status(500), .ok, .ok])
        let folder = try ScratchFolder()
        let episodes: ClosedRange<Int64> = 1...400
        var ids: Set<String> = []
        do {
            let deliveries = try Deliveries([], folder: folder)
            try await deliveries.add("a", receiver.url)
            try await deliveries.add("b", receiver.url)
            try await deliveries.commit(episodes)
            try await deliveries.commit(episodes, from: "alert", to: "critical")
            for webhook in ["a", "b"] {
                let rows = try await deliveries.store.outbox.deliveries(of: webhook, limit: 10_000)
                ids.formUnion(rows.map(\.messageID))
            }
            try deliveries.store.close()
        }
        #expect(ids.count == 1_600)
        let environment = [
            "TIDEMARK_WEBHOOK_ALLOW_HOSTS": receiver.host,
            "TIDEMARK_WEBHOOK_RETRY_MILLISECONDS": "0,50,50,50,50,50",
        ]
        var kills = 0
        while receiver.received.count < 1_400 {
            let before = receiver.received.count
            let server = try ServerProcess.start(folder: folder.path, environment: environment)
            try await expectEventually { receiver.received.count > before + 100 }
            server.kill()
            kills += 1
        }
        let server = try ServerProcess.start(folder: folder.path, environment: environment)
        try await expectEventually { Set(receiver.ids).count == ids.count }
        #expect(server.terminate() == 0)
        #expect(kills >= 3)
        #expect(Set(receiver.ids) == ids)
        // Twice at most what was under way at a kill, and the one that was answered 500.
        #expect(receiver.received.count <= ids.count + (kills + 1) * 16 + 1)
        var texts: [String: Set<String>] = [:]
        for message in receiver.received { texts[message.id, default: []].insert(message.text) }
        #expect(texts.values.allSatisfy { $0.count == 1 })
        let counts = try await Deliveries([], folder: folder).store.outbox.counts()
        #expect(counts[.delivered] ?? 0 >= ids.count - 16 && counts[.failed] == nil)
    }

    @Test func `or its control store damaged, is not begun anew`() throws {
        let folder = try ScratchFolder()
        let server = try ServerProcess.start(folder: folder.path)
        let hasCopy = try ServerSupport.eventually {
            try folder.names.contains { $0.hasPrefix("control-") && $0.hasSuffix(".sqlite") }
        }
        #expect(hasCopy)
        server.kill()
        // Its WAL would make it whole again.
        try folder.write([], to: "control.sqlite-wal")
        try folder.write(
            Array("no database, but some text of a few bytes".utf8), to: "control.sqlite")
        let run = try CommandRun(["serve", "--port", "0", "--data", folder.path])
        #expect(run.status == 1)
        #expect(run.errors.contains("error: cannot open") && run.errors.contains("control.sqlite"))
        #expect(run.errors.contains("hint: its newest copy is \(folder.path)/control-"))
        #expect(try folder.text(of: "control.sqlite").hasPrefix("no database"))
    }
}
