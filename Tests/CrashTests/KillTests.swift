import Foundation
import ServerSupport
import Testing
import TestSupport

extension `Crash tests` {
    @Suite struct `A crash by kill -9` {
        /// Small enough that partitions are begun under load.
        private static let arguments = ["--set", "partition_bytes_max=200000"]
        private static let rounds = isLongRun ? 8 : 3

        @Test(arguments: seeds(1, long: 6))
        func `loses nothing that was acknowledged, and a retry stores the rest once`(
            seed: UInt64
        ) throws {
            var random = SplitMix64(seed: seed)
            let folder = try TemporaryFolder()
            let load = Load(ledger: Ledger(), seed: seed)
            for round in 0..<Self.rounds {
                let server = try ServerProcess.start(
                    folder: folder.path, arguments: Self.arguments,
                    environment: Self.environment(round: round))
                try check(load, server, folder)
                let events = Int.random(in: 1...900, using: &random)
                try load.run(server, round: round) {
                    try load.waitForEvents(events)
                    server.kill()
                }
                try expectVerified(folder.path, mayBeEmpty: round == 0)
            }
            let server = try ServerProcess.start(folder: folder.path)
            try check(load, server, folder)
            #expect(server.terminate() == 0)
            try expectVerified(folder.path)
            #expect(load.ledger.acknowledgedCount > Self.rounds)
            #expect(try LogFiles(folder.path).paths.count > 1)
        }

        /// In every second round the server counts itself too, and is mostly storing something.
        private static func environment(round: Int) -> [String: String] {
            guard round % 2 == 1 else { return [:] }
            return ["TIDEMARK_TELEMETRY_MILLISECONDS": "100", "TIDEMARK_FLUSH_MILLISECONDS": "10"]
        }

        /// What the server has after its start; then everything that was ever sent.
        private func check(
            _ load: Load, _ server: ServerProcess, _ folder: TemporaryFolder
        ) throws {
            #expect(try StoredEvents(of: server).faults(load.ledger) == [])
            #expect(try StoredEvents(files: folder.path).faults(load.ledger) == [])
            #expect(try StoredSamples(files: folder.path).faults(load.ledger) == [])
            try load.deliverTheRest(to: server)
            #expect(try StoredEvents(of: server).faultsIfAllIsThere(load.ledger) == [])
            #expect(try StoredEvents(files: folder.path).faultsIfAllIsThere(load.ledger) == [])
            try expectVerified(folder.path, mayBeEmpty: true)
        }

        @Test func `right after the start leaves a log that starts again`() throws {
            let folder = try TemporaryFolder()
            for _ in 0..<4 {
                try ServerProcess.start(folder: folder.path).kill()
                try FileManager.default.removeItem(atPath: folder.path + "/LOCK")
                try expectVerified(folder.path, mayBeEmpty: true)
            }
            let server = try ServerProcess.start(folder: folder.path)
            #expect(try server.connect().post("/events", SentEvent(id: "a").json).status == 200)
            #expect(server.terminate() == 0)
            try expectVerified(folder.path)
        }
    }
}
