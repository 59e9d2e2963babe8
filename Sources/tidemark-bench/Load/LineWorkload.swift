import NIOCore

/// Encodes requests one after the other until the lines are used up.
struct LineWorkload: Workload {
    /// Large enough that a system call costs little of it, small enough to stay in the cache.
    static let chunkBytes = 256 * 1024

    private let batching: LineLoad.Batching
    private let head: RequestHead
    private let file: InputFile?
    private var lines: any LineSource
    private var linesLeft: Int
    /// What is still to be sent of a body that does not go in one piece.
    private var body = 0..<0

    init(_ load: LineLoad, _ server: ServerAddress) {
        batching = load.batching
        head = RequestHead(server, load)
        linesLeft = load.linesMax ?? .max
        lines = load.makeSource()
        if case .file(let file) = load.lines {
            self.file = file
            measure(file, load.compression)
        } else {
            file = nil
        }
    }

    /// Reads the file once before the clock runs: how much of it is to be sent, and then it is
    /// in the page cache. The lines of a gzip file are the server's to count.
    private mutating func measure(_ file: InputFile, _ compression: Compression) {
        let extent = file.end(ofLines: linesLeft, from: 0)
        linesLeft = compression == .file ? 0 : extent.lines
        if case .wholeFile = batching { body = 0..<extent.end }
    }

    mutating func encodeNext(into buffer: inout ByteBuffer) -> Load? {
        buffer.clear()
        switch batching {
        case .single: return encodeLines(1, into: &buffer)
        case .batch(let count): return encodeLines(count, into: &buffer)
        case .wholeFile: return encodeHeadOfFile(into: &buffer)
        }
    }

    private mutating func encodeLines(_ count: Int, into buffer: inout ByteBuffer) -> Load? {
        var load: Load?
        let head = head
        lines.withNext(lines: min(count, linesLeft)) { piece, found in
            guard found > 0 else { return }
            let bytes = piece.withoutLastNewline
            head.write(bodyBytes: bytes.count, into: &buffer)
            buffer.writeBytes(bytes)
            load = Load(lines: found, bytes: bytes.count)
        }
        linesLeft -= load?.lines ?? 0
        return load
    }

    private mutating func encodeHeadOfFile(into buffer: inout ByteBuffer) -> Load? {
        guard body.lowerBound == 0, !body.isEmpty else { return nil }
        head.write(bodyBytes: body.count, into: &buffer)
        return Load(lines: linesLeft, bytes: body.count)
    }
}

/// A body that goes in pieces, as fast as the socket takes them.
extension LineWorkload {
    var hasChunksLeft: Bool { !body.isEmpty }

    mutating func encodeChunk(into buffer: inout ByteBuffer) -> Bool {
        guard let file, !body.isEmpty else { return false }
        let chunk = body.prefix(Self.chunkBytes)
        buffer.clear()
        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: file.bytes[chunk]))
        body = chunk.upperBound..<body.upperBound
        return true
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var withoutLastNewline: UnsafeRawBufferPointer {
        last == 0x0A ? UnsafeRawBufferPointer(rebasing: dropLast()) : self
    }
}
