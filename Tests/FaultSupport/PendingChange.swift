/// A change that waits for a sync.
protocol PendingChange {
    var position: UInt64 { get }
    /// A sync that should have covered it failed.
    var isAbandoned: Bool { get set }
}

/// What one operation did within one block of 4 KiB.
struct BlockChange: PendingChange {
    enum Effect {
        /// As many as the block has room for.
        case bytes(ArraySlice<UInt8>)
        /// To the end of the block: the file was cut within it.
        case zeros
        /// The file was cut before it: the block is given back.
        case discard
    }

    let position: UInt64
    let start: Int
    let effect: Effect
    var isAbandoned = false

    var isDiscard: Bool {
        if case .discard = effect { true } else { false }
    }

    func apply(to block: inout [UInt8]) {
        let room = start..<PendingFile.blockLength
        switch effect {
        case .bytes(let bytes):
            let fitting = bytes.prefix(room.count)
            block.replaceSubrange(start..<start + fitting.count, with: fitting)
        case .zeros, .discard:
            block.replaceSubrange(room, with: [UInt8](repeating: 0, count: room.count))
        }
    }
}

struct SizeChange: PendingChange {
    let position: UInt64
    let size: Int
    var isAbandoned = false
}

extension Array where Element: PendingChange {
    /// Whether a sync of what came before `position` has something to write.
    func isDirty(before position: UInt64) -> Bool {
        contains { $0.position < position && !$0.isAbandoned }
    }

    mutating func abandon(before position: UInt64) {
        for index in indices where self[index].position < position {
            self[index].isAbandoned = true
        }
    }
}

extension Sequence<BlockChange> {
    func applied(to block: [UInt8]?) -> [UInt8] {
        var block = block ?? [UInt8](repeating: 0, count: PendingFile.blockLength)
        for change in self {
            change.apply(to: &block)
        }
        return block
    }
}
