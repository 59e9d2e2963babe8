import NIOCore

/// What one request carries, to be counted when it is acknowledged.
struct Load {
    let events: Int
    let bytes: Int
}

/// Encodes requests one after the other until the events are used up.
struct Workload {
    /// Large enough that a system call costs little of it, small enough to stay in the cache.
    static let chunkBytes = 256 * 1024

    private let request: LoadPlan.Request
    private let head: RequestHead
    private let file: InputFile?
    private var lines: any LineSource
    private var eventsLeft: Int
    /// What is still to be sent of a body that does not go in one piece.
    private var body = 0..<0

    init(_ plan: LoadPlan) {
        request = plan.request
        head = RequestHead(
            server: plan.server, contentType: plan.request.contentType,
            compression: plan.compression)
        eventsLeft = plan.eventsMax ?? .max
        switch plan.lines {
        case .fresh:
            file = nil
            lines = FreshLines(seed: .random(in: 0 ... .max))
        case .file(let file):
            self.file = file
            lines = FileLines(file)
            measure(file, plan.compression)
        }
    }

    /// Reads the file once before the clock runs: how much of it is to be sent, and then it is
    /// in the page cache. The lines of a gzip file are the server's to count.
    private mutating func measure(_ file: InputFile, _ compression: Compression) {
        let extent = file.end(ofLines: eventsLeft, from: 0)
        eventsLeft = compression == .file ? 0 : extent.lines
        if case .wholeFile = request { body = 0..<extent.end }
    }

    /// Replaces the buffer's contents by the next request; nil when all is sent.
    mutating func encodeNext(into buffer: inout ByteBuffer) -> Load? {
        buffer.clear()
        switch request {
        case .single: return encodeLines(1, into: &buffer)
        case .batch(let count): return encodeLines(count, into: &buffer)
        case .wholeFile: return encodeHeadOfFile(into: &buffer)
        }
    }

    private mutating func encodeLines(_ count: Int, into buffer: inout ByteBuffer) -> Load? {
        var load: Load?
        let head = head
        lines.withNext(lines: min(count, eventsLeft)) { piece, found in
            guard found > 0 else { return }
            let bytes = piece.withoutLastNewline
            head.write(bodyBytes: bytes.count, into: &buffer)
            buffer.writeBytes(bytes)
            load = Load(events: found, bytes: bytes.count)
        }
        eventsLeft -= load?.events ?? 0
        return load
    }

    private mutating func encodeHeadOfFile(into buffer: inout ByteBuffer) -> Load? {
        guard body.lowerBound == 0, !body.isEmpty else { return nil }
        head.write(bodyBytes: body.count, into: &buffer)
        return Load(events: eventsLeft, bytes: body.count)
    }
}

/// A body that goes in pieces, as fast as the socket takes them.
extension Workload {
    var hasChunksLeft: Bool { !body.isEmpty }

    /// Replaces the buffer's contents by the next piece.
    mutating func encodeChunk(into buffer: inout ByteBuffer) -> Bool {
        guard let file, !body.isEmpty else { return false }
        let chunk = body.prefix(Self.chunkBytes)
        buffer.clear()
        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: file.bytes[chunk]))
        body = chunk.upperBound..<body.upperBound
        return true
    }
}

extension LoadPlan.Request {
    var contentType: String {
        hasCountsInAnswer ? "application/x-ndjson" : "application/json"
    }

    /// The answer to many lines says how many of them were taken.
    var hasCountsInAnswer: Bool {
        if case .single = self { false } else { true }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var withoutLastNewline: UnsafeRawBufferPointer {
        last == 0x0A ? UnsafeRawBufferPointer(rebasing: dropLast()) : self
    }
}
