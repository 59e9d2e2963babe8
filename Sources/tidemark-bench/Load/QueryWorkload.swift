import NIOCore

/// Some questions, one after the other, again and again.
struct Query: Sendable {
    /// Path and parameters of each.
    let targets: [String]
    var countMax = Int.max
    /// How much of the answers is kept.
    var keeping = BodyKeeping.failures
}

struct QueryWorkload: Workload {
    private let requests: [ByteBuffer]
    private var next = 0
    private var left: Int

    init(_ query: Query, _ server: ServerAddress) {
        requests = query.targets.map { target in
            ByteBuffer(
                string: """
                    GET \(target) HTTP/1.1\r
                    Host: \(server.authority)\r
                    User-Agent: tidemark-bench\r
                    \r

                    """)
        }
        left = query.countMax
    }

    mutating func encodeNext(into buffer: inout ByteBuffer) -> Load? {
        guard left > 0 else { return nil }
        left -= 1
        buffer.clear()
        buffer.writeImmutableBuffer(requests[next])
        next = (next + 1) % requests.count
        return .nothing
    }

    var hasChunksLeft: Bool { false }

    mutating func encodeChunk(into buffer: inout ByteBuffer) -> Bool { false }
}
