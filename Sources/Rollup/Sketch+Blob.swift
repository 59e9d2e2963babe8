/// A sketch as bytes. There is one spelling of each sketch, and no other is read.
///
///     ┌──────────────────────┬────────────┬───────────────┬────────────────┐
///     │ header               │ zero count │ positive side │ negative side  │
///     │ 1 byte               │ varint     │               │                │
///     │ 7–6  version, 1      │ if bit 5   │ always        │ if any entries │
///     │ 5    has zero count  │            │               │                │
///     │ 4–0  resolution + 10 │            │               │                │
///     └──────────────────────┴────────────┴───────────────┴────────────────┘
///     side:   ┌─────────┬─────────────────────────────┬───────────────────────────────┬┄
///             │ entries │ index, zigzag       │ count │ index − the one before − 1    │ count
///             │ varint  │ varint              │ varint│ varint                        │ varint
///             └─────────┴─────────────────────────────┴───────────────────────────────┴┄
///
/// One value takes 5 bytes as a rule: 50 is `50 01 d2 05 01`, one entry, index 361, count 1.
extension Sketch {
    public func appendBlob(to output: inout [UInt8]) {
        let zeroFlag: UInt8 = zeroCount > 0 ? SketchReader.Header.hasZeroCount : 0
        let coarseness = UInt8(resolution - Self.resolutionMin)
        output.append(SketchReader.Header.version | zeroFlag | coarseness)
        if zeroCount > 0 { output.append(varint: zeroCount) }
        positive.appendBlob(to: &output)
        if !negative.entries.isEmpty { negative.appendBlob(to: &output) }
    }

    public var blob: [UInt8] {
        var bytes: [UInt8] = []
        appendBlob(to: &bytes)
        return bytes
    }

    /// Reads what `appendBlob` writes. Nothing is taken on trust.
    public init(blob: Span<UInt8>) throws(SketchFault) {
        var reader = try SketchReader(blob)
        var (positive, negative) = (SketchSide(), SketchSide())
        try reader.readPositive(blob) {
            positive.entries.append(SketchSide.Entry(index: $0, count: $1))
        }
        try reader.readNegative(blob) {
            negative.entries.append(SketchSide.Entry(index: $0, count: $1))
        }
        self.init(
            resolution: reader.resolution, zeroCount: reader.zeroCount, positive: positive,
            negative: negative)
    }
}

extension SketchSide {
    fileprivate func appendBlob(to output: inout [UInt8]) {
        output.append(varint: UInt64(entries.count))
        for (place, entry) in entries.enumerated() {
            if place == 0 {
                output.append(varint: Zigzag.encode(entry.index))
            } else {
                output.append(varint: UInt64(entry.index - entries[place - 1].index - 1))
            }
            output.append(varint: entry.count)
        }
    }
}
