import FaultSupport
import Foundation
import ServerSupport
import TestSupport

/// The power fails after so many operations of a recorded run, and some of what was not synced survives.
struct PowerCut: Sendable, CustomStringConvertible {
    let operationCount: Int
    let mode: PowerLoss.Mode

    var description: String { "power cut after \(operationCount) operations, \(mode)" }
}

/// Power cuts of one run, and what is wrong after each.
struct PowerCuts {
    private let loss: PowerLoss
    private let ledger: Ledger
    private let scratch: MemoryFolder

    init(_ disk: FaultyDisk, _ ledger: Ledger) throws {
        loss = try disk.powerLoss()
        self.ledger = ledger
        scratch = try MemoryFolder()
    }

    /// Cuts at random places, and at the sharpest ones: just when an answer had come. The end too.
    func random(_ count: Int, seed: UInt64) -> [PowerCut] {
        var random = SplitMix64(seed: seed)
        let answers = ledger.acknowledgements.map { answer in
            loss.journal.operationCount(before: answer.position)
        }
        return (0..<count).map { number in
            let place =
                switch number % 4 {
                case 0: Int.random(in: 0...loss.journal.operations.count, using: &random)
                case 1: loss.journal.operations.count
                default: random.pick(answers)
                }
            let mode: PowerLoss.Mode =
                switch number % 3 {
                case 0: .random(seed: random.next())
                case 1: .adversarial(seed: random.next())
                default: .dropEverythingUnsynced
                }
            return PowerCut(operationCount: place, mode: mode)
        }
    }

    /// The cut after which the least is left.
    var worst: PowerCut {
        PowerCut(
            operationCount: loss.journal.operations.count, mode: .dropEverythingUnsynced)
    }

    /// What is wrong after the power has come back: with the log as it is found, and after new events
    /// and retries were stored in it.
    /// - Parameter storeMayBeDamaged: on a disk whose syncs have failed.
    func faults(
        after cut: PowerCut, storeMayBeDamaged: Bool = false
    ) async throws -> [String] {
        let folder = try materialise(cut)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let position = position(of: cut)
        var faults = await Verdict.faultsHere(of: folder + "/data")
        // What a failed sync has left is not known: then a start must find it, and make it anew.
        if storeMayBeDamaged, faults.contains(where: { $0.contains("derived.sqlite is damaged") }) {
            faults = try faultsOfServer(after: cut)
        }
        let log = try await RecoveredLog(folder + "/data")
        let found = try await log.stored()
        faults += found.faults(ledger, before: position)
        faults += try StoredSamples(files: folder + "/data").faults(ledger, before: position)
        faults += try await log.faultsOfMemory()
        let events = probes(found)
        let (ids, isNew) = try await log.store(events)
        for (event, (id, isNew)) in zip(events, zip(ids, isNew)) {
            let wasThere = found.eventIDs.contains(event.id)
            if isNew == wasThere { faults.append("\(event.id) was there: \(wasThere)") }
            if isNew && id <= ledger.lastID(before: position) {
                faults.append("the new id \(id) is not the highest")
            }
        }
        let again = try await RecoveredLog(folder + "/data").stored()
        let kept = again.eventIDs.prefix(found.eventIDs.count)
        if !kept.elementsEqual(found.eventIDs) { faults.append("the second start has others") }
        return faults + again.faults(ledger, before: position)
    }

    /// As `faults(after:)`, with the server itself.
    func faultsOfServer(after cut: PowerCut) throws -> [String] {
        let folder = try materialise(cut)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = try ServerProcess.start(folder: folder + "/data")
        let found = try StoredEvents(of: server)
        let connection = try server.connect()
        var faults = found.faults(ledger, before: position(of: cut))
        let isReady = try eventually { try connection.request("GET", "/readyz").status == 200 }
        if !isReady { faults.append("it is not ready") }
        for event in probes(found) {
            let answer = try connection.post("/events", event.json)
            let isKnown = answer.headers["tidemark-duplicate"] == "true"
            if answer.status != 200 || isKnown != found.eventIDs.contains(event.id) {
                faults.append("\(event.id): \(answer.status)")
            }
        }
        let status = server.terminate()
        if status != 0 { faults.append("its end: \(status)") }
        return faults + (try Verdict.faults(of: folder + "/data"))
    }

    /// Events of the run to be sent again: some that are there, some that are not.
    private func probes(_ found: StoredEvents) -> [SentEvent] {
        let known = Set(found.eventIDs)
        let sent = ledger.sent.values.sorted { $0.id < $1.id }
        return Array(sent.filter { known.contains($0.id) }.prefix(3))
            + Array(sent.filter { !known.contains($0.id) }.prefix(3))
    }

    private func materialise(_ cut: PowerCut) throws -> String {
        let folder = scratch.path + "/\(UUID().uuidString)"
        try loss.materialise(after: cut.operationCount, mode: cut.mode, into: folder)
        // As the server does it, where not even the data folder has survived.
        try FileManager.default.createDirectory(
            atPath: folder + "/data", withIntermediateDirectories: true)
        return folder
    }

    /// An answer had come before the cut where no operation before the answer comes after the cut.
    private func position(of cut: PowerCut) -> UInt64 {
        let operations = loss.journal.operations
        return cut.operationCount < operations.count
            ? operations[cut.operationCount].position : .max
    }
}
