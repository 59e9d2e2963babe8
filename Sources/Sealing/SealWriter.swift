internal import StrictJSON

/// Turns the bytes of a partition into those of its sealed file, a frame at a time.
///
///     │ frame │ frame │ … │ SealIndex │ SeekTable │
///       ╰─ up to `frameBytes` of the plain file, whole lines where they fit
public struct SealWriter {
    public struct Options: Equatable, Sendable {
        public static let frameBytes = 16_384...SeekTable.contentBytesMax

        /// Of zstd; see the table in Performance.
        public var level = 12
        public var frameBytes = 1 << 20

        public init() {}
    }

    private let options: Options
    private let compressor: ZstdCompressor
    private let lines: LineReading
    private var table = SeekTable()
    private var firstIDs: [UInt64] = []
    private var lastID: UInt64 = 0
    private var lastFirstID: UInt64 = 0
    private var header: [UInt8] = []
    private var beginsLine = true

    /// How lines are read.
    public struct LineReading {
        let id: (Span<UInt8>) -> UInt64?
        let isWhole: (Span<UInt8>) -> Bool

        /// - Parameters:
        ///   - id: at the head of a line, whatever follows.
        ///   - isWhole: whether all of it is sound.
        public init(
            id: @escaping (Span<UInt8>) -> UInt64?, isWhole: @escaping (Span<UInt8>) -> Bool
        ) {
            self.id = id
            self.isWhole = isWhole
        }
    }

    public init(_ options: Options, _ lines: LineReading) {
        precondition(Options.frameBytes.contains(options.frameBytes), "BUG: no size of a frame")
        self.options = options
        self.lines = lines
        compressor = ZstdCompressor(level: options.level)
    }

    /// How much of the bytes the next frame takes: whole lines, but where one line is longer than a frame.
    /// - Parameter bytes: `frameBytes` of the plain file from where the last frame ended, or its rest.
    public static func frameEnd(in bytes: Span<UInt8>, isRest: Bool) -> Int {
        guard !isRest, let last = bytes.lastLineFeed(in: bytes.indices) else { return bytes.count }
        return last + 1
    }

    /// - Returns: the next bytes of the sealed file.
    public mutating func frame(of content: Span<UInt8>) -> [UInt8] {
        let frame = compressor.frame(of: content)
        note(content)
        // A frame ends with the checksum of what it holds.
        let checksum = frame.span.littleEndian(at: frame.count - 4, as: UInt32.self)
        table.append(compressed: frame.count, decompressed: content.count, checksum: checksum)
        return frame
    }

    /// - Returns: the last bytes of the sealed file.
    public mutating func finish() -> [UInt8] {
        let index = SealIndex(lastID: lastID, firstIDs: firstIDs, header: header).bytes
        table.append(
            compressed: index.count, decompressed: 0, checksum: Self.checksumOfNothing)
        return index + table.bytes
    }

    /// The lower half of XXH64 of no bytes.
    private static let checksumOfNothing: UInt32 = 0x51D8_E999

    private mutating func note(_ content: Span<UInt8>) {
        if firstIDs.isEmpty { noteHeader(content) }
        firstIDs.append(beginsLine ? firstID(of: content) : 0)
        var start = 0
        while start < content.count {
            let end = content.firstLineFeed(in: start..<content.count)
            let line = content.extracting(start..<(end.map { $0 + 1 } ?? content.count))
            // The rest of a line that was begun in the frame before has no head.
            if beginsLine, let id = lines.id(line) { lastID = id }
            beginsLine = end != nil
            start += line.count
        }
    }

    /// Ids that do not rise would lead astray.
    private mutating func firstID(of content: Span<UInt8>) -> UInt64 {
        let end = content.firstLineFeed(in: content.indices) ?? content.count
        let line = content.extracting(0..<end)
        guard let id = lines.id(line), id > lastFirstID, lines.isWhole(line) else { return 0 }
        lastFirstID = id
        return id
    }

    private mutating func noteHeader(_ content: Span<UInt8>) {
        guard let end = content.firstLineFeed(in: content.indices), end < Self.headerBytesMax
        else { return }
        let line = content.extracting(0..<(end + 1))
        if lines.id(line) == nil { header = line.indices.map { line[$0] } }
    }

    private static let headerBytesMax = 4_096
}
