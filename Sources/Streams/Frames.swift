public import NIOCore
public import TimeSeries

/// Some frames of one kind, as they stand on the wire: made once, shared by all who get them.
public struct Frames: Sendable {
    /// What is lost where a client falls behind.
    public enum Kind: Sendable {
        case stream(StreamKind)
        /// An answer: never lost.
        case reply
        /// What is read from the log at the client's own pace: never lost.
        case replay
    }

    public let kind: Kind
    public let bytes: ByteBuffer
    public let count: Int
    /// The first and last event, or alert, or the place of the log that metrics were told at.
    public let first, last: UInt64
    public let time: Timestamp
    /// When the newest of the events was acknowledged; nil of what is no live event.
    public let acknowledged: ContinuousClock.Instant?

    public init(
        _ kind: Kind, _ bytes: [UInt8], at time: Timestamp, count: Int = 1, first: UInt64 = 0,
        last: UInt64 = 0, acknowledged: ContinuousClock.Instant? = nil
    ) {
        self.kind = kind
        self.bytes = ByteBuffer(bytes: bytes)
        self.count = count
        self.first = first
        self.last = last
        self.time = time
        self.acknowledged = acknowledged
    }
}

/// What a client has lost of one kind, because it fell behind.
public struct FrameLoss: Equatable, Sendable {
    public let kind: StreamKind
    public let first: UInt64
    public var last: UInt64
    public var dropped: Int
    /// Of the newest loss.
    public var time: Timestamp
}
