internal import Hummingbird
internal import NIOCore

/// A request's body as plain bytes, piece by piece, whatever its encoding.
struct BodyReader: ~Copyable {
    /// Inflated at once.
    private static let inflatedBytesMax = 256 << 10

    private var chunks: RequestBody.AsyncIterator
    private let gzip: GzipDecoder?

    init(_ request: Request) throws(APIError) {
        chunks = request.body.makeAsyncIterator()
        switch request.headers[.contentEncoding]?.lowercased() {
        case nil, "identity": gzip = nil
        case "gzip", "x-gzip": gzip = GzipDecoder()
        default: throw APIError(.unsupportedMediaType, "Content-Encoding: only gzip is understood")
        }
    }

    mutating func next() async throws -> ByteBuffer? {
        guard let gzip else { return try await chunks.next() }
        do {
            while true {
                let plain = try gzip.next(bytesMax: Self.inflatedBytesMax)
                if !plain.isEmpty { return ByteBuffer(bytes: plain) }
                guard let chunk = try await chunks.next() else {
                    try gzip.finish()
                    return nil
                }
                gzip.feed(Array(chunk.readableBytesView))
            }
        } catch is GzipDecoder.Failure {
            throw APIError(.invalidEncoding, "the body is not gzip, or not all of it came")
        }
    }

    /// The whole body, where it is within the limit.
    mutating func collect(bytesMax: Int, _ inFlight: BytesInFlight) async throws -> ByteBuffer {
        guard var body = try await next() else { return ByteBuffer() }
        var held = body.readableBytes
        try inFlight.take(held)
        defer { inFlight.release(held) }
        while true {
            guard body.readableBytes <= bytesMax else {
                throw APIError(
                    .bodyTooLarge, "a JSON body may have \(bytesMax) bytes; NDJSON is not limited")
            }
            guard var more = try await next() else { return body }
            try inFlight.take(more.readableBytes)
            held += more.readableBytes
            body.writeBuffer(&more)
        }
    }
}
