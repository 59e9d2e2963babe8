import Foundation

/// What a process did to the files below the root, in order.
public struct FaultJournal: Sendable {
    public let operations: [FaultOperation]
    /// Bytes that are no record: what a kill left of one. Each kill can leave one torn record.
    public let tornBytes: Int

    public init(path: String) throws(FaultSupportError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FaultSupportError(operation: "read", path: path, reason: "not readable")
        }
        self.init(bytes: [UInt8](data))
    }

    public init(bytes: [UInt8]) {
        var operations: [FaultOperation] = []
        var torn = 0
        var index = 0
        while index < bytes.count {
            let record = JournalRecord(journal: bytes, at: index)
            if let operation = record?.operation { operations.append(operation) }
            if record == nil { torn += 1 }
            index += record?.length ?? 1
        }
        self.operations = operations
        tornBytes = torn
    }

    /// How many operations had ended at a position taken by `FaultControl.journalPosition()`.
    public func operationCount(before position: UInt64) -> Int {
        operations.partitionIndex { $0.position >= position }
    }
}

extension Array {
    /// The first index whose element satisfies a condition that all later elements satisfy too.
    func partitionIndex(_ isLater: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isLater(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
