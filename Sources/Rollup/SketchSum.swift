/// Sketches added up from their bytes, many of them, without one of them being made.
///
/// Each entry has a place of its own, so adding one to another is a look-up and no search.
struct SketchSum {
    private var resolution = Sketch.resolutionMax
    private var zeroCount: UInt64 = 0
    private var positive = DenseSide()
    private var negative = DenseSide()

    mutating func add(_ blob: Span<UInt8>) throws(SketchFault) {
        var reader = try SketchReader(blob)
        coarsen(to: reader.resolution)
        let shift = Int32(reader.resolution - resolution)
        zeroCount = zeroCount.addingSaturating(reader.zeroCount)
        try reader.readPositive(blob) { positive.add($0 >> shift, $1) }
        try reader.readNegative(blob) { negative.add($0 >> shift, $1) }
    }

    /// Hands the sum over, and starts again from nothing.
    mutating func take() -> Sketch {
        // As where sketches merge two by two: entries become only more.
        while max(positive.entryCount, negative.entryCount) > Sketch.entriesMax {
            coarsen(to: resolution - 1)
        }
        defer { (resolution, zeroCount) = (Sketch.resolutionMax, 0) }
        return Sketch(
            resolution: resolution, zeroCount: zeroCount, positive: positive.take(),
            negative: negative.take())
    }

    private mutating func coarsen(to coarser: Int) {
        guard coarser < resolution else { return }
        positive.coarsen(by: Int32(resolution - coarser))
        negative.coarsen(by: Int32(resolution - coarser))
        resolution = coarser
    }
}

/// One side of a sum: a count for each index that there is.
private struct DenseSide {
    private static let domain = SketchIndex.domain(resolution: Sketch.resolutionMax)

    private var counts: [UInt64] = []
    /// Places outside are 0.
    private var used = 0..<0
    private(set) var entryCount = 0

    @inline(__always)
    mutating func add(_ index: Int32, _ count: UInt64) {
        let place = Int(index &- Self.domain.lowerBound)
        if !used.contains(place) { widen(to: place) }
        if counts[place] == 0 { entryCount += 1 }
        counts[place] = counts[place].addingSaturating(count)
    }

    private mutating func widen(to place: Int) {
        if counts.isEmpty { counts = [UInt64](repeating: 0, count: Self.domain.count) }
        used =
            used.isEmpty
            ? place..<place + 1
            : min(used.lowerBound, place)..<max(used.upperBound, place + 1)
    }

    mutating func coarsen(by shift: Int32) {
        let side = take()
        for entry in side.entries { add(entry.index >> shift, entry.count) }
    }

    mutating func take() -> SketchSide {
        var side = SketchSide()
        side.entries.reserveCapacity(entryCount)
        for place in used where counts[place] > 0 {
            let index = Int32(place) + Self.domain.lowerBound
            side.entries.append(SketchSide.Entry(index: index, count: counts[place]))
            counts[place] = 0
        }
        (used, entryCount) = (0..<0, 0)
        return side
    }
}
