/// A file's content as the disk surely has it, and what was done to it since: per block of 4 KiB
/// the changes in order, and the changes of its size.
struct PendingFile {
    static let blockLength = 4096

    private(set) var durable: [Int: [UInt8]] = [:]
    private(set) var durableSize = 0
    private(set) var blocks: [Int: [BlockChange]] = [:]
    private(set) var sizes: [SizeChange] = []

    init() {}

    init(durable bytes: [UInt8]) {
        durableSize = bytes.count
        for start in stride(from: 0, to: bytes.count, by: Self.blockLength) {
            let block = BlockChange(position: 0, start: 0, effect: .bytes(bytes[start...]))
            durable[start / Self.blockLength] = [block].applied(to: nil)
        }
    }

    /// As the process sees it.
    var size: Int {
        sizes.last?.size ?? durableSize
    }

    func size(before position: UInt64) -> Int {
        sizes.last { $0.position < position }?.size ?? durableSize
    }

    mutating func write(_ bytes: [UInt8], at offset: Int, position: UInt64) {
        let end = offset + bytes.count
        var index = offset
        while index < end {
            let (block, start) = index.quotientAndRemainder(dividingBy: Self.blockLength)
            let effect = BlockChange.Effect.bytes(bytes[(index - offset)...])
            add(BlockChange(position: position, start: start, effect: effect), to: block)
            index += Self.blockLength - start
        }
        if end > size { sizes.append(SizeChange(position: position, size: end)) }
    }

    mutating func truncate(to newSize: Int, position: UInt64) {
        let oldSize = size
        guard newSize != oldSize else { return }
        sizes.append(SizeChange(position: position, size: newSize))
        if newSize < oldSize { cut(from: newSize, to: oldSize, position: position) }
    }

    /// A completed sync: what came before `position` is on the disk, with the size.
    ///
    /// A block whose write-back failed earlier is clean for the kernel, so this sync does not
    /// write it, unless a later change made the whole page dirty again. The size is in the inode,
    /// which is written whenever anything is.
    mutating func sync(before position: UInt64) {
        let dirty = blocks.filter { $0.value.isDirty(before: position) }
        for (block, changes) in dirty {
            settle(block, changes, before: position)
        }
        guard !dirty.isEmpty || sizes.isDirty(before: position) else { return }
        durableSize = size(before: position)
        sizes.removeAll { $0.position < position }
    }

    /// A failed sync: what came before `position` may be lost for good.
    mutating func abandon(before position: UInt64) {
        for block in blocks.keys {
            blocks[block, default: []].abandon(before: position)
        }
        sizes.abandon(before: position)
    }

    private mutating func settle(
        _ block: Int, _ changes: [BlockChange], before position: UInt64
    ) {
        let covered = changes.prefix { $0.position < position }
        durable[block] = covered.applied(to: durable[block])
        let rest = changes.dropFirst(covered.count)
        blocks[block] = rest.isEmpty ? nil : Array(rest)
    }

    private mutating func add(_ change: BlockChange, to block: Int) {
        blocks[block, default: []].append(change)
    }

    private mutating func cut(from newSize: Int, to oldSize: Int, position: UInt64) {
        let (block, start) = newSize.quotientAndRemainder(dividingBy: Self.blockLength)
        if start > 0 {
            add(BlockChange(position: position, start: start, effect: .zeros), to: block)
        }
        for gone in newSize.blocks..<oldSize.blocks {
            add(BlockChange(position: position, start: 0, effect: .discard), to: gone)
        }
    }
}

extension Int {
    /// How many blocks a file of this size has.
    var blocks: Int {
        (self + PendingFile.blockLength - 1) / PendingFile.blockLength
    }
}
