import FaultSupport
import Foundation
import NIOPosix
import Pipeline
import Retention
import ServerSupport
import TestSupport
import Testing
import TimeSeries

extension `Crash tests` {
    /// `tidemark retention apply` is recorded call by call, and ended after each of them.
    @Suite struct `Retention` {
        private static let bytesMax = 200_000
        private static let policyText =
            "raw: {bytes: \(bytesMax)B}\nfolder: {bytes: unlimited}\ndisk: {free: 0B, refuse: 0B}\n"

        /// A log of several partitions whose lines are all counted.
        private struct Folder {
            let disk: FaultyDisk
            let policy: String
            let stored: StoredEvents
            private let scratch: TemporaryFolder

            init(seed: UInt64) throws {
                disk = try FaultyDisk()
                scratch = try TemporaryFolder()
                policy = scratch.path + "/policy.yaml"
                try policyText.write(toFile: policy, atomically: true, encoding: .utf8)
                let server = try disk.start(["--set", "partition_bytes_max=65536"])
                let load = Load(ledger: Ledger(), seed: seed)
                try load.run(server) { try load.waitForEvents(200) }
                try #require(server.terminate() == 0)
                stored = try SealedFolder(disk.data + "/log").stored()
            }

            func apply() throws -> CommandRun {
                try CommandRun(
                    ["retention", "apply", "--data", disk.data, "--retention", policy],
                    environment: disk.environment)
            }

            /// What is wrong with a data folder in which it was cut short.
            func faults(_ data: String) async throws -> [String] {
                let found = try SealedFolder(data + "/log").stored()
                var faults = found.faults + (await Verdict.faultsHere(of: data))
                if !stored.ids.suffix(found.ids.count).elementsEqual(found.ids) {
                    faults.append("other lines than the last ones are gone")
                }
                return faults
            }

            /// Goes on where it was cut short.
            func finish(_ data: String) async throws -> RetentionReport {
                var policy = RetentionPolicy()
                policy.raw.bytesMax = Int64(bytesMax)
                policy.folderBytesMax = nil
                let retention = try FolderRetention(
                    folder: data, policy, limits: Engine.Limits(), threads: .singleton,
                    now: { Timestamp(milliseconds: 1_795_356_000_000) })
                return try await retention.apply()
            }
        }

        /// How many operations of a journal happen before each cut: one ends after each sync and each
        /// removal, in a long run after each operation.
        private static func cuts(_ loss: PowerLoss, from start: Int) -> [Int] {
            let operations = loss.journal.operations
            return (start...operations.count).filter { count in
                guard !isLongRun, count > start, count < operations.count else { return true }
                return switch operations[count - 1].action {
                case .sync, .unlink: true
                default: false
                }
            }
        }

        private static func names(_ data: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: data + "/log").sorted()
        }

        @Test(arguments: seeds(1, long: 6))
        func `cut short by kill -9 at any call goes on there, and all left is as the log says`(
            seed: UInt64
        ) async throws {
            let folder = try Folder(seed: seed)
            let before = try Self.names(folder.disk.data)
            let start = try folder.disk.control.journal().operations.count
            let run = try folder.apply()
            try #require(run.status == 0, "\(run.errors)")
            let after = try Self.names(folder.disk.data)
            #expect(after.count > 1 && after.count < before.count - 1)
            let loss = try folder.disk.powerLoss()
            let cuts = Self.cuts(loss, from: start)
            #expect(cuts.count > 10)
            let scratch = try MemoryFolder()
            var removed: Set<Int> = []
            for operations in cuts {
                let data = scratch.path + "/\(operations)/data"
                try loss.materialise(
                    after: operations, mode: .keepEverything,
                    into: scratch.path + "/\(operations)")
                removed.insert(before.count - (try Self.names(data).count))
                #expect(try await folder.faults(data) == [], "after \(operations) operations")
                _ = try await folder.finish(data)
                #expect(try Self.names(data) == after, "after \(operations) operations")
                #expect(try await folder.faults(data) == [], "after \(operations) operations")
                try FileManager.default.removeItem(atPath: scratch.path + "/\(operations)")
            }
            // It was cut short between any two partitions.
            #expect(removed == Set(0...(before.count - after.count)))
        }

        @Test(arguments: seeds(1, long: 6))
        func `cut short by power loss at any call leaves all that is left as the log says`(
            seed: UInt64
        ) async throws {
            let folder = try Folder(seed: seed)
            let start = try folder.disk.control.journal().operations.count
            try #require(try folder.apply().status == 0)
            let loss = try folder.disk.powerLoss()
            let scratch = try MemoryFolder()
            var random = SplitMix64(seed: seed)
            for operations in Self.cuts(loss, from: start) {
                let modes: [PowerLoss.Mode] = [
                    .dropEverythingUnsynced, .random(seed: random.next()),
                    .adversarial(seed: random.next()),
                ]
                for mode in isLongRun ? modes : [modes[operations % 3]] {
                    let data = scratch.path + "/cut/data"
                    try loss.materialise(
                        after: operations, mode: mode, into: scratch.path + "/cut")
                    let cut = "after \(operations) operations, \(mode)"
                    #expect(try await folder.faults(data) == [], "\(cut)")
                    let server = try ServerProcess.start(folder: data)
                    #expect(server.terminate() == 0, "\(cut)")
                    _ = try await folder.finish(data)
                    #expect(try await folder.faults(data) == [], "\(cut)")
                    try FileManager.default.removeItem(atPath: scratch.path + "/cut")
                }
            }
        }

        @Test(arguments: [Fault.Call.create, .write, .sync, .syncOfDirectory, .unlink])
        func `on a disk that fails at any call says so and can be repeated`(
            call: Fault.Call
        ) async throws {
            let folder = try Folder(seed: 1)
            var failures = 0
            for skipped in UInt64(0)..<8 {
                try folder.disk.control.set(.fail(call, .inputOutput, afterCalls: skipped))
                let run = try folder.apply()
                try folder.disk.control.set(.clear)
                #expect(try await folder.faults(folder.disk.data) == [], "after \(skipped) calls")
                guard run.status != 0 else { continue }
                failures += 1
                #expect(run.status == 1 && run.errors.hasPrefix("error: "))
            }
            #expect(failures > 0)
            #expect(try folder.apply().status == 0)
            #expect(try await folder.faults(folder.disk.data) == [])
        }

        @Test(arguments: seeds(1, long: 4))
        func `in a server that is killed again and again loses no count`(seed: UInt64) throws {
            var random = SplitMix64(seed: seed)
            let scratch = try TemporaryFolder()
            let data = scratch.path + "/data"
            let policy = scratch.path + "/policy.yaml"
            try Self.policyText.write(toFile: policy, atomically: true, encoding: .utf8)
            let load = Load(ledger: Ledger(), seed: seed)
            let arguments = [
                "--retention", policy, "--set", "partition_bytes_max=65536", "--set",
                "retention_milliseconds=100",
            ]
            for round in 0..<(isLongRun ? 10 : 3) {
                let server = try ServerProcess.start(folder: data, arguments: arguments)
                let last = try Self.names(data).last ?? ""
                let wanted = Int.random(in: 1...3, using: &random)
                try load.run(server, round: round) {
                    try load.waitUntil("removed partitions") {
                        // All that were there are gone, and so are some of the newer ones.
                        let names = try Self.names(data)
                        return !names.contains(last) && names.count >= wanted
                    }
                    server.kill()
                }
                try expectVerified(data, mayBeEmpty: round == 0)
            }
            let server = try ServerProcess.start(folder: data, arguments: arguments)
            #expect(server.terminate() == 0)
            try expectVerified(data)
        }
    }
}
