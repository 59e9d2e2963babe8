import Foundation
import ServerSupport
import Testing
import TestSupport

extension `Crash tests` {
    @Suite struct `A crash by kill -9` {
        /// Small enough that partitions are begun under load.
        private static let arguments = ["--set", "partition_bytes_max=200000"]
        private static let rounds = isLongRun ? 8 : 3

        @Test(arguments: seeds(1, long: 4))
        func `loses nothing that was acknowledged, and a retry stores the rest once`(
            seed: UInt64
        ) throws {
            var random = SplitMix64(seed: seed)
            let folder = try TemporaryFolder()
            let load = Load(ledger: Ledger(), seed: seed)
            for round in 0..<Self.rounds {
                let server = try ServerProcess.start(
                    folder: folder.path, arguments: Self.arguments)
                try check(load, server, folder)
                let events = Int.random(in: 1...900, using: &random)
                try load.run(server, round: round) {
                    try load.waitForEvents(events)
                    server.kill()
                }
                #expect(try Rollups.faults(folder.path) == [])
            }
            let server = try ServerProcess.start(folder: folder.path)
            try check(load, server, folder)
            #expect(server.terminate() == 0)
            #expect(try Rollups.faults(folder.path) == [])
            #expect(load.ledger.acknowledgedCount > Self.rounds)
            #expect(try LogFiles(folder.path).paths.count > 1)
        }

        /// What the server has after its start; then everything that was ever sent.
        private func check(
            _ load: Load, _ server: ServerProcess, _ folder: TemporaryFolder
        ) throws {
            #expect(try StoredEvents(of: server).faults(load.ledger) == [])
            #expect(try StoredEvents(files: folder.path).faults(load.ledger) == [])
            try load.deliverTheRest(to: server)
            #expect(try StoredEvents(of: server).faultsIfAllIsThere(load.ledger) == [])
            #expect(try StoredEvents(files: folder.path).faultsIfAllIsThere(load.ledger) == [])
        }

        @Test func `right after the start leaves a log that starts again`() throws {
            let folder = try TemporaryFolder()
            for _ in 0..<4 {
                try ServerProcess.start(folder: folder.path).kill()
                try FileManager.default.removeItem(atPath: folder.path + "/LOCK")
            }
            let server = try ServerProcess.start(folder: folder.path)
            #expect(try server.connect().post("/events", SentEvent(id: "a").json).status == 200)
        }
    }
}
