extension PendingFile {
    private static let sectorLength = 512

    /// The bytes that are there when the power has come back.
    func afterPowerLoss(_ fate: inout Fate) -> [UInt8] {
        let kept = fate.version(in: 0...sizes.count)
        let size = survivingSize(kept, &fate)
        let horizon = kept > 0 ? sizes[kept - 1].position : nil
        var bytes = [UInt8](repeating: 0, count: size.blocks * Self.blockLength)
        for block in 0..<size.blocks {
            guard let content = content(of: block, horizon, &fate) else { continue }
            let start = block * Self.blockLength
            bytes.replaceSubrange(start..<start + Self.blockLength, with: content)
        }
        return Array(bytes.prefix(size))
    }

    /// A file that grows is written back page by page: its size can stop at any of them.
    private func survivingSize(_ kept: Int, _ fate: inout Fate) -> Int {
        let size = kept > 0 ? sizes[kept - 1].size : durableSize
        guard kept < sizes.count, sizes[kept].size > size, fate.tears() else { return size }
        let pages = size / Self.blockLength + 1..<sizes[kept].size.blocks
        return pages.isEmpty ? size : fate.number(in: pages) * Self.blockLength
    }

    private func content(of block: Int, _ horizon: UInt64?, _ fate: inout Fate) -> [UInt8]? {
        guard let changes = blocks[block] else { return durable[block] }
        let legal = legalVersions(of: changes, horizon)
        let version = fate.version(in: legal)
        let content = changes.prefix(version).applied(to: durable[block])
        guard version < legal.upperBound, fate.tears() else { return content }
        let next = changes.prefix(version + 1).applied(to: durable[block])
        return torn(content, next, &fate)
    }

    /// Version n has the first n changes. Size and extents are one transaction: where the cut
    /// that gave the block back survived (it is not after the horizon), what it held before is
    /// gone; where the cut was lost, so is what was written to the block that came in its place.
    private func legalVersions(of changes: [BlockChange], _ horizon: UInt64?) -> ClosedRange<Int> {
        func survives(_ change: BlockChange) -> Bool {
            horizon.map { change.position <= $0 } ?? false
        }
        let firstLost = changes.firstIndex { $0.isDiscard && !survives($0) } ?? changes.count
        let lastKept = changes.prefix(firstLost).lastIndex { $0.isDiscard }
        return (lastKept.map { $0 + 1 } ?? 0)...firstLost
    }

    /// A disk writes sectors whole. In which order it writes them is its own affair.
    private func torn(_ old: [UInt8], _ new: [UInt8], _ fate: inout Fate) -> [UInt8] {
        var mixed = old
        for start in stride(from: 0, to: Self.blockLength, by: Self.sectorLength)
        where fate.coin() {
            let sector = start..<start + Self.sectorLength
            mixed.replaceSubrange(sector, with: new[sector])
        }
        return mixed
    }
}
