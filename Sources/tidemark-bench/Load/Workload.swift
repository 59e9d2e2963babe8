import NIOCore

/// What one request carries, to be counted when it is acknowledged.
struct Load {
    let lines: Int
    let bytes: Int

    /// A question carries nothing.
    static let nothing = Load(lines: 0, bytes: 0)
}

/// The requests of a run, one after the other until there are no more.
protocol Workload {
    /// Replaces the buffer's contents by the next request; nil when there is none.
    mutating func encodeNext(into buffer: inout ByteBuffer) -> Load?

    /// Whether a part of the last request is still to be sent.
    var hasChunksLeft: Bool { get }

    /// Replaces the buffer's contents by the next piece of a body that does not go in one.
    mutating func encodeChunk(into buffer: inout ByteBuffer) -> Bool
}
