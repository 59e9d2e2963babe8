import EventLog
import FaultSupport
import Foundation
import ServerSupport
import TestSupport
import Testing

extension `Crash tests` {
    /// `tidemark seal` is recorded call by call, and ended after each of them.
    @Suite struct `Sealing` {
        /// A log of several partitions, and its sealing: where in the journal that begins.
        private static func sealed(seed: UInt64) throws -> (disk: FaultyDisk, Ledger, start: Int) {
            let disk = try FaultyDisk()
            let ledger = try store(disk, seed: seed, events: 150)
            let start = try disk.control.journal().operations.count
            let run = try seal(disk)
            try #require(run.status == 0, "\(run.errors)")
            return (disk, ledger, start)
        }

        private static func store(
            _ disk: FaultyDisk, seed: UInt64, events: Int
        ) throws -> Ledger {
            var load = Load(ledger: Ledger(), seed: seed)
            load.position = disk.position
            let server = try disk.start(["--set", "partition_bytes_max=65536"])
            try load.run(server) { [load] in
                try load.waitForEvents(events)
                server.kill()
            }
            return load.ledger
        }

        private static func seal(_ disk: FaultyDisk) throws -> CommandRun {
            var environment = try disk.environment
            environment["TIDEMARK_SEAL_FRAME_BYTES"] = "16384"
            return try CommandRun(["seal", "--data", disk.data], environment: environment)
        }

        @Test(arguments: seeds(1, long: 8))
        func `cut short by kill -9 at any call leaves one good copy and loses nothing`(
            seed: UInt64
        ) async throws {
            let (disk, ledger, start) = try Self.sealed(seed: seed)
            let cuts = try PowerCuts(disk, ledger)
            let loss = try disk.powerLoss()
            let count = loss.journal.operations.count
            #expect(count - start > 10)
            let scratch = try MemoryFolder()
            for operations in start...count {
                let cut = PowerCut(operationCount: operations, mode: .keepEverything)
                let folder = scratch.path + "/\(operations)"
                try loss.materialise(after: operations, mode: cut.mode, into: folder)
                #expect(try SealedFolder(folder + "/data/log").faults == [], "\(cut)")
                #expect(try await cuts.faults(after: cut) == [], "\(cut)")
                try FileManager.default.removeItem(atPath: folder)
            }
        }

        @Test(arguments: seeds(1, long: 8))
        func `cut short by power loss at any call loses nothing`(seed: UInt64) async throws {
            let (disk, ledger, start) = try Self.sealed(seed: seed)
            let cuts = try PowerCuts(disk, ledger)
            let count = try disk.control.journal().operations.count
            var random = SplitMix64(seed: seed)
            for operations in start...count {
                let modes: [PowerLoss.Mode] = [
                    .dropEverythingUnsynced, .random(seed: random.next()),
                    .adversarial(seed: random.next()),
                ]
                for mode in isLongRun ? modes : [modes[operations % 3]] {
                    let cut = PowerCut(operationCount: operations, mode: mode)
                    #expect(try await cuts.faults(after: cut) == [], "\(cut)")
                }
            }
        }

        @Test(arguments: [Fault.Call.create, .write, .sync, .rename, .syncOfDirectory, .unlink])
        func `on a disk that fails at any call says so and loses nothing`(
            call: Fault.Call
        ) throws {
            let disk = try FaultyDisk()
            let ledger = try Self.store(disk, seed: 1, events: 60)
            var failures = 0
            // The start syncs too: later calls are those of the sealing.
            for skipped in UInt64(0)..<6 {
                let fault = Fault.fail(call, .noSpace, afterCalls: skipped * 2)
                try disk.control.set(fault)
                let run = try Self.seal(disk)
                try disk.control.set(.clear)
                let found = try SealedFolder(disk.data + "/log")
                #expect(try found.stored().faults(ledger) == [], "after \(skipped * 2) calls")
                guard run.status != 0 else { break }
                failures += 1
                #expect(run.status == 1 && run.errors.hasPrefix("error: cannot "))
            }
            #expect(failures > 0)
            #expect(try Self.seal(disk).status == 0)
            #expect(try SealedFolder(disk.data + "/log").faults == [])
            #expect(try SealedFolder(disk.data + "/log").stored().faults(ledger) == [])
        }

        @Test(arguments: seeds(1, long: 4))
        func `in a server that is killed again and again loses nothing`(seed: UInt64) throws {
            var random = SplitMix64(seed: seed)
            let folder = try TemporaryFolder()
            let load = Load(ledger: Ledger(), seed: seed)
            let arguments = [
                "--set", "partition_bytes_max=65536", "--set", "seal_age_milliseconds=0", "--set",
                "seal_frame_bytes=16384",
            ]
            for round in 0..<(isLongRun ? 8 : 3) {
                let server = try ServerProcess.start(folder: folder.path, arguments: arguments)
                #expect(try StoredEvents(of: server).faults(load.ledger) == [])
                let before = try SealedFolder(folder.path + "/log").sealedCount
                let wanted = Int.random(in: 1...4, using: &random)
                try load.run(server, round: round) {
                    try load.waitUntil("sealed partitions") {
                        try SealedFolder(folder.path + "/log").sealedCount >= before + wanted
                    }
                    server.kill()
                }
            }
            let server = try ServerProcess.start(folder: folder.path, arguments: arguments)
            try load.deliverTheRest(to: server)
            #expect(try StoredEvents(of: server).faultsIfAllIsThere(load.ledger) == [])
            server.kill()
            #expect(try SealedFolder(folder.path + "/log").stored().faults(load.ledger) == [])
            #expect(try CommandRun(["verify", "--data", folder.path]).status == 0)
        }
    }
}
