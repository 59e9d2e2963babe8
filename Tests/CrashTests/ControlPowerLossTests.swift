import FaultSupport
import Foundation
import ServerSupport
import Storage
import Testing
import TestSupport

extension `Crash tests` {
    @Suite struct `Power loss after a webhook was added` {
        private static let webhooks = 12

        /// Webhooks that were acknowledged and are not there, over cuts right after each answer.
        private func lost(_ faults: [Fault]) async throws -> Int {
            let disk = try FaultyDisk()
            for fault in faults { try disk.control.set(fault) }
            let server = try disk.start()
            var answers: [UInt64] = []
            for number in 0..<Self.webhooks {
                let body = #"{"id":"w\#(number)","url":"https://example.com"}"#
                #expect(try server.connect().post("/webhooks", body).status == 201)
                answers.append(disk.position())
            }
            server.kill()
            let (loss, scratch) = (try disk.powerLoss(), try MemoryFolder())
            var lost = 0
            for (number, position) in answers.enumerated() {
                let count = loss.journal.operationCount(before: position)
                let seed = UInt64(number)
                let modes: [PowerLoss.Mode] = [
                    .dropEverythingUnsynced, .adversarial(seed: seed), .random(seed: seed),
                ]
                for mode in modes {
                    let folder = scratch.path + "/\(UUID().uuidString)"
                    try loss.materialise(after: count, mode: mode, into: folder)
                    try FileManager.default.createDirectory(
                        atPath: folder + "/data", withIntermediateDirectories: true)
                    let found = (try? await Self.ids(in: folder + "/data")) ?? []
                    lost += (0...number).count { !found.contains("w\($0)") }
                }
            }
            return lost
        }

        private static func ids(in folder: String) async throws -> Set<String> {
            let store = try ControlStore(folder: folder)
            let ids = try await store.webhooks().map(\.id)
            try store.close()
            return Set(ids)
        }

        @Test func `loses none`() async throws {
            #expect(try await lost([]) == 0)
        }

        @Test func `is noticed on a disk that lies about its syncs`() async throws {
            #expect(try await lost([.ignoreSyncs]) > 0)
        }
    }
}
