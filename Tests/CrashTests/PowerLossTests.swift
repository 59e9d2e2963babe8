import FaultSupport
import Foundation
import ServerSupport
import Testing
import TestSupport

extension `Crash tests` {
    @Suite struct `Power loss` {
        /// Small enough that partitions are begun, and that rollups move from the WAL into their tables.
        private static let arguments = [
            "--set", "partition_bytes_max=65536", "--set", "flush_milliseconds=20",
        ]
        // After each run.
        private static let cuts = isLongRun ? 200 : 25
        private static let cutsWithServer = isLongRun ? 15 : 2

        /// A run that ends with kill -9, on a disk that forgets what was not synced.
        private func run(
            _ disk: FaultyDisk, seed: UInt64, events: Int,
            meanwhile: @escaping @Sendable (Load) throws -> Void = { _ in }
        ) throws -> Ledger {
            var load = Load(ledger: Ledger(), seed: seed)
            load.position = disk.position
            let server = try disk.start(Self.arguments)
            try load.run(server) { [load] in
                try meanwhile(load)
                try load.waitForEvents(events)
                server.kill()
            }
            return load.ledger
        }

        private func check(
            _ cuts: PowerCuts, seed: UInt64, storeMayBeDamaged: Bool = false
        ) async throws {
            for cut in cuts.random(Self.cuts, seed: seed) + [cuts.worst] {
                let faults = try await cuts.faults(
                    after: cut, storeMayBeDamaged: storeMayBeDamaged)
                #expect(faults == [], "\(cut)")
            }
            for cut in cuts.random(Self.cutsWithServer, seed: seed + 1) + [cuts.worst] {
                #expect(try cuts.faultsOfServer(after: cut) == [], "\(cut)")
            }
        }

        @Test(arguments: seeds(1, long: 5))
        func `at any moment loses nothing that was acknowledged`(seed: UInt64) async throws {
            let disk = try FaultyDisk()
            let ledger = try run(disk, seed: seed, events: 250)
            #expect(ledger.faults == [])
            try await check(PowerCuts(disk, ledger), seed: seed)
        }

        @Test(arguments: seeds(1, long: 5))
        func `on a disk that fails now and then loses nothing either`(seed: UInt64) async throws {
            let disk = try FaultyDisk()
            let ledger = try run(disk, seed: seed, events: 20) { load in
                var random = SplitMix64(seed: seed)
                for _ in 0..<8 {
                    try load.waitForEvents(Int.random(in: 1...30, using: &random))
                    try DiskFault.storm(&random, disk.control)
                }
            }
            #expect(ledger.faults == [])
            try await check(PowerCuts(disk, ledger), seed: seed, storeMayBeDamaged: true)
        }

        @Test(arguments: [FaultyDisk.Before.nothing, .dataFolder])
        func `right after the first answer keeps the event and its folders`(
            before: FaultyDisk.Before
        ) async throws {
            let disk = try FaultyDisk(before)
            let ledger = try run(disk, seed: 1, events: 1)
            let cuts = try PowerCuts(disk, ledger)
            #expect(try await cuts.faults(after: cuts.worst) == [])
        }
    }

    /// The check above must be able to fail.
    @Suite struct `Power loss on a disk that lies about its syncs` {
        @Test func `is noticed as acknowledged events that are lost`() async throws {
            let disk = try FaultyDisk()
            try disk.control.set(.ignoreSyncs)
            var load = Load(ledger: Ledger(), seed: 1)
            load.position = disk.position
            let server = try disk.start()
            try load.run(server) { [load] in
                try load.waitForEvents(60)
                server.kill()
            }
            #expect(load.ledger.faults == [])
            let journal = try disk.control.journal()
            #expect(journal.operations.contains { $0.path.hasSuffix(".ndjson") })
            let cuts = try PowerCuts(disk, load.ledger)
            let faults = try await cuts.faults(after: cuts.worst)
            #expect(faults.contains { $0.hasPrefix("lost: ") })
            var lossy = 0
            for cut in cuts.random(40, seed: 1) {
                lossy +=
                    try await cuts.faults(after: cut).contains { $0.hasPrefix("lost: ") } ? 1 : 0
            }
            #expect(lossy > 10)
        }
    }
}
