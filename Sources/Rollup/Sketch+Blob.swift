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
        let zeroFlag: UInt8 = zeroCount > 0 ? Header.hasZeroCount : 0
        output.append(Header.version | zeroFlag | UInt8(resolution - Self.resolutionMin))
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
        guard blob.count > 0 else { throw .truncated }
        let header = blob[0]
        guard header & Header.versionBits == Header.version else { throw .unknownVersion }
        let resolution = Int(header & Header.resolutionBits) + Self.resolutionMin
        guard resolution <= Self.resolutionMax else { throw .unknownResolution }
        var reader = VarintReader(position: 1)
        var zeroCount: UInt64 = 0
        if header & Header.hasZeroCount != 0 {
            zeroCount = try reader.next(blob)
            guard zeroCount > 0 else { throw .emptyCount }
        }
        let positive = try SketchSide(blob, &reader, resolution)
        var negative = SketchSide()
        if reader.position < blob.count {
            negative = try SketchSide(blob, &reader, resolution)
            guard !negative.entries.isEmpty else { throw .emptyCount }
        }
        guard reader.position == blob.count else { throw .trailingBytes }
        self.init(
            resolution: resolution, zeroCount: zeroCount, positive: positive, negative: negative)
    }

    private enum Header {
        static let version: UInt8 = 1 << 6
        static let versionBits: UInt8 = 0b1100_0000
        static let hasZeroCount: UInt8 = 0b0010_0000
        static let resolutionBits: UInt8 = 0b0001_1111
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

    fileprivate init(
        _ blob: Span<UInt8>, _ reader: inout VarintReader, _ resolution: Int
    ) throws(SketchFault) {
        let count = try reader.next(blob)
        guard count <= Sketch.entriesMax else { throw .tooManyEntries }
        let domain = SketchIndex.domain(resolution: resolution)
        for _ in 0..<count {
            let index = try index(after: entries.last, try reader.next(blob))
            guard domain.contains(index) else { throw .indexOutOfRange }
            let count = try reader.next(blob)
            guard count > 0 else { throw .emptyCount }
            entries.append(Entry(index: index, count: count))
        }
    }

    private func index(after last: Entry?, _ number: UInt64) throws(SketchFault) -> Int32 {
        let index: Int32? =
            if let last {
                Int32(exactly: number).flatMap { gap in
                    let (next, overflow) = last.index.addingReportingOverflow(gap)
                    return overflow || next == .max ? nil : next + 1
                }
            } else {
                Zigzag.decode(number)
            }
        guard let index else { throw .indexOutOfRange }
        return index
    }
}
