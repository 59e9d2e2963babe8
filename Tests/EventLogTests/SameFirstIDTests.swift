import EventLog
import Testing
import TestSupport
import TimeSeries

/// An older version could leave two partitions with the same first id, the earlier one without lines.
@Suite struct `Two partitions with one first id` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// Enough pairs for the folder to list them in both orders.
    @Test func `are read in the order in which they were begun`() throws {
        for _ in 0..<5 {
            let folder = try folder.inner()
            for minutes in (0..<5).shuffled() {
                let moment = start.advanced(byMilliseconds: Int64(minutes) * 60_000)
                let name = PartitionName(start: moment, firstID: .first).fileName
                try folder.write(header() + (minutes == 4 ? lines(1...9) : []), to: name)
            }
            let (log, _) = try EventLog.open(folder)
            #expect(log.lastID == EventID(9))
            for id in UInt64(0)...9 {
                #expect(try log.snapshot().ids(after: id) == Array((id + 1)..<10))
                #expect(
                    try log.snapshot().idsBackward(before: id) == Array(1..<max(1, id)).reversed())
            }
        }
    }
}
