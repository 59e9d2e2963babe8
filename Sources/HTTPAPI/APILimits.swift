public import WebSocketServer

/// Limits of the HTTP side. Each is a setting; see `tidemark settings`.
public struct APILimits: Sendable {
    /// A JSON body, which is held as a whole. NDJSON bodies are streamed and have no limit.
    public var jsonBodyBytesMax = 32 << 20
    /// Request bodies in memory at one time, over all requests.
    public var bodyBytesInFlightMax = 128 << 20
    /// Events of one JSON array.
    public var arrayEventsMax = 65_536
    /// Transcripts of one list in the reference's shape; older events come without theirs.
    public var recentChatBytesMax = 16 << 20
    /// Buckets of one answer as JSON.
    public var queryBucketsMax = 500_000
    /// Buckets of one series in a streamed answer.
    public var streamedBucketsMax = 10_000_000
    /// Series of an exposition; of further ones of a metric nothing is told.
    public var expositionSeriesMax = 10_000
    /// Open connections; further ones wait to be accepted.
    public var connectionsMax = 4_096
    /// All header fields of a request.
    public var headerBytesMax = 16 << 10
    public var headerFieldsMax = 100
    /// From the start of a request, or of the connection, to the end of the header.
    public var headerSecondsMax = 15
    /// Without a byte of a body that is being read.
    public var bodyIdleSecondsMax = 30
    /// An idle keep-alive connection.
    public var keepAliveSecondsMax = 75
    public var webSocket = WebSocketConnection.Limits()

    public init() {}
}
