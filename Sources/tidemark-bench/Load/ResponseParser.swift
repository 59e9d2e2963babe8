import NIOCore

/// A whole response, as far as a load generator reads it.
struct Response {
    let head: ResponseHead
    /// The body, or its start, where somebody wants it.
    let body: ByteBuffer
    let bodyBytes: Int
}

/// Not HTTP, or nothing that can be told from the next response.
struct MalformedResponse: Error {}

/// Puts responses together from bytes as they come. Responses are tiny and nearly always come
/// whole, so the parser is a line reader over what has arrived, and copies next to nothing.
struct ResponseParser {
    /// What the next bytes are.
    private enum State {
        case head
        case body(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailers
    }

    /// The start of a body: the counts of a batch's answer, or an error.
    static let startBytes = 4096
    /// A head or a chunk's size that is longer is not one.
    static let lineBytesMax = 64 * 1024

    private let keeping: BodyKeeping
    private var state = State.head
    private var arrived = ByteBuffer()
    private var head: ResponseHead?
    private var body = ByteBuffer()
    private var bodyBytes = 0

    init(_ keeping: BodyKeeping) {
        self.keeping = keeping
    }

    /// Takes what has arrived; gives the response if it is complete.
    mutating func feed(_ bytes: inout ByteBuffer) throws(MalformedResponse) -> Response? {
        if arrived.readableBytes == 0 { arrived = bytes } else { arrived.writeBuffer(&bytes) }
        // Held on to, the channel's own buffer could not be used for the next answer.
        defer { if arrived.readableBytes == 0 { arrived = ByteBuffer() } }
        while let progress = try step() {
            if case .complete(let response) = progress { return response }
        }
        if arrived.readableBytes > Self.lineBytesMax { throw MalformedResponse() }
        return nil
    }

    /// What a step has led to.
    private enum Progress {
        case further
        case complete(Response)
    }

    /// nil: more bytes are needed.
    private mutating func step() throws(MalformedResponse) -> Progress? {
        switch state {
        case .head: return try readHead()
        case .body(let left): return readBody(left)
        case .chunkSize: return try readChunkSize()
        case .chunk(let left): return readChunk(left)
        case .chunkEnd: return readChunkEnd()
        case .trailers: return readTrailer()
        }
    }

    private mutating func readHead() throws(MalformedResponse) -> Progress? {
        guard let length = arrived.withUnsafeReadableBytes(headLength) else { return nil }
        let head = arrived.withUnsafeReadableBytes {
            ResponseHead(UnsafeRawBufferPointer(rebasing: $0[..<length]))
        }
        guard let head, let body = head.body else { throw MalformedResponse() }
        arrived.moveReaderIndex(forwardBy: length)
        if head.isInterim { return .further }
        self.head = head
        switch body {
        case .length(let count): state = .body(left: count)
        case .chunked: state = .chunkSize
        }
        return .further
    }

    private mutating func readBody(_ left: Int) -> Progress? {
        let rest = left - take(left)
        state = .body(left: rest)
        return rest == 0 ? complete() : nil
    }

    private mutating func readChunkSize() throws(MalformedResponse) -> Progress? {
        guard var line = readLine() else { return nil }
        let text = line.readString(length: line.readableBytes) ?? ""
        guard let size = Int(text.prefix(while: \.isHexDigit), radix: 16), size >= 0
        else { throw MalformedResponse() }
        state = size == 0 ? .trailers : .chunk(left: size)
        return .further
    }

    private mutating func readChunk(_ left: Int) -> Progress? {
        let rest = left - take(left)
        state = rest == 0 ? .chunkEnd : .chunk(left: rest)
        return rest == 0 ? .further : nil
    }

    private mutating func readChunkEnd() -> Progress? {
        guard readLine() != nil else { return nil }
        state = .chunkSize
        return .further
    }

    private mutating func readTrailer() -> Progress? {
        guard let line = readLine() else { return nil }
        return line.readableBytes == 0 ? complete() : .further
    }

    private mutating func complete() -> Progress? {
        guard let head else { return nil }
        defer {
            state = .head
            self.head = nil
            body = ByteBuffer()
            bodyBytes = 0
        }
        return .complete(Response(head: head, body: body, bodyBytes: bodyBytes))
    }

    /// Takes at most `count` bytes of the body, and keeps them if somebody wants them.
    private mutating func take(_ count: Int) -> Int {
        let available = min(count, arrived.readableBytes)
        let wanted = min(available, max(0, keptBytesMax - body.readableBytes))
        if wanted > 0, let start = arrived.getSlice(at: arrived.readerIndex, length: wanted) {
            body.writeImmutableBuffer(start)
        }
        arrived.moveReaderIndex(forwardBy: available)
        bodyBytes += available
        return available
    }

    private var keptBytesMax: Int {
        switch keeping {
        case .failures: head?.isSuccess == true ? 0 : Self.startBytes
        case .starts: Self.startBytes
        case .whole: .max
        }
    }

    /// The next line without its end.
    private mutating func readLine() -> ByteBuffer? {
        guard let newline = arrived.readableBytesView.firstIndex(of: 0x0A),
            var line = arrived.readSlice(length: newline - arrived.readerIndex + 1)
        else { return nil }
        let end = line.readableBytesView.dropLast().last == 0x0D ? 2 : 1
        line.moveWriterIndex(to: line.writerIndex - end)
        return line
    }
}

/// Up to and with the empty line that ends a head; nil if it has not arrived.
private func headLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var index = 3
    while index < bytes.count {
        if bytes[index] == 0x0A, bytes[index - 1] == 0x0D, bytes[index - 2] == 0x0A {
            return index + 1
        }
        index += 1
    }
    return nil
}
