import NIOCore

/// The same question again and again.
struct Query: Sendable {
    /// Path and parameters.
    let target: String
    var countMax = Int.max
    /// How much of the answers is kept.
    var keeping = BodyKeeping.failures
}

struct QueryWorkload: Workload {
    private let request: ByteBuffer
    private var left: Int

    init(_ query: Query, _ server: ServerAddress) {
        request = ByteBuffer(
            string: """
                GET \(query.target) HTTP/1.1\r
                Host: \(server.authority)\r
                User-Agent: tidemark-bench\r
                \r

                """)
        left = query.countMax
    }

    mutating func encodeNext(into buffer: inout ByteBuffer) -> Load? {
        guard left > 0 else { return nil }
        left -= 1
        buffer.clear()
        buffer.writeImmutableBuffer(request)
        return .nothing
    }

    var hasChunksLeft: Bool { false }

    mutating func encodeChunk(into buffer: inout ByteBuffer) -> Bool { false }
}
