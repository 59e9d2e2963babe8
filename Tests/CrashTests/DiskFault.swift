import FaultSupport
import ServerSupport
import Testing
import TestSupport

/// One way in which a disk fails, until it is mended.
struct DiskFault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let faults: [Fault]
    /// The call whose failure shows that the fault has been met.
    let call: Fault.Call

    /// - Parameter onlyNew: it hurts only a new partition, so a failed sync makes one necessary.
    private init(_ name: String, _ call: Fault.Call, _ faults: [Fault], onlyNew: Bool = false) {
        testDescription = name
        self.call = call
        self.faults = (onlyNew ? [.failSyncs(.inputOutput, times: 1)] : []) + faults
    }

    static let all = [
        DiskFault("full", .write, [.failWrites(.noSpace)]),
        DiskFault(
            "full within a line", .write,
            [.failWrites(.noSpace, afterBytes: 100, part: .torn())]),
        DiskFault(
            "full after a short write", .write,
            [.failWrites(.noSpace, afterBytes: 100, part: .short())]),
        DiskFault("over its quota", .write, [.failWrites(.quota)]),
        DiskFault("broken at every sync", .sync, [.failSyncs(.inputOutput)]),
        DiskFault(
            "broken at every sync, and not to be cut", .sync,
            [.failSyncs(.inputOutput), .fail(.truncate, .inputOutput)]),
        DiskFault(
            "broken at a folder's sync", .syncOfDirectory,
            [.fail(.syncOfDirectory, .inputOutput)], onlyNew: true),
        DiskFault(
            "broken at a folder's sync, with files that cannot be removed", .unlink,
            [.fail(.syncOfDirectory, .inputOutput), .fail(.unlink, .inputOutput)],
            onlyNew: true),
        DiskFault("without room for a file", .create, [.fail(.create, .noSpace)], onlyNew: true),
        DiskFault("read-only", .create, [.fail(.create, .readOnly)], onlyNew: true),
        DiskFault(
            "without any life", .create,
            [
                .failWrites(.inputOutput), .failSyncs(.inputOutput), .fail(.create, .inputOutput),
                .fail(.truncate, .inputOutput), .fail(.unlink, .inputOutput),
                .fail(.syncOfDirectory, .inputOutput),
            ]),
    ]

    /// Breaks the disk in a random way until a call has failed, then mends it.
    static func storm(_ random: inout SplitMix64, _ control: FaultControl) throws {
        let fault = random.pick(all)
        var faults = fault.faults
        if random.isOnce(in: 3) { faults.append(.fail(.truncate, .inputOutput)) }
        if random.isOnce(in: 3) { faults.append(.fail(.unlink, .inputOutput)) }
        for fault in faults { try control.set(fault) }
        let hits = UInt64.random(in: 1...3, using: &random)
        let isMet = try eventually(withinSeconds: 10) { try control.hits(of: fault.call) >= hits }
        guard isMet else { throw Overdue(event: "a disk that is \(fault)", answers: []) }
        try control.set(.clear)
    }
}
