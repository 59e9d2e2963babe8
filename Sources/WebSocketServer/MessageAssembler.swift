public import NIOCore
public import NIOWebSocket

/// What a peer has said, in one piece.
public enum WebSocketInput: Equatable, Sendable {
    case text(ByteBuffer)
    case ping(ByteBuffer)
    case pong
    /// With the code that is sent back.
    case close(WebSocketErrorCode)
}

/// Why a connection is ended: RFC 6455, section 7.4.1.
public struct WebSocketFault: Error, Equatable, Sendable {
    public let code: WebSocketErrorCode
    public let reason: String

    public init(_ code: WebSocketErrorCode, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}

/// Puts a client's frames together to messages, and keeps it to RFC 6455 where NIO's decoder, which must
/// allow extensions, does not: there are none here.
public struct MessageAssembler {
    private let messageBytesMax: Int
    /// The beginning of a message of several frames.
    private var fragments: ByteBuffer?

    public init(messageBytesMax: Int) {
        self.messageBytesMax = messageBytesMax
    }

    /// - Returns: nil where more is to come.
    public mutating func take(_ frame: WebSocketFrame) throws(WebSocketFault) -> WebSocketInput? {
        guard frame.reservedBits.isEmpty else { throw .protocolError("a reserved bit is set") }
        guard frame.maskKey != nil else { throw .protocolError("a frame without a mask") }
        switch frame.opcode {
        case .text:
            guard fragments == nil else { throw .protocolError("a message within a message") }
            return try add(frame.unmaskedData, frame.fin)
        case .continuation:
            guard fragments != nil else { throw .protocolError("a continuation of nothing") }
            return try add(frame.unmaskedData, frame.fin)
        case .binary:
            throw WebSocketFault(.unacceptableData, "messages are text")
        case .ping: return .ping(frame.unmaskedData)
        case .pong: return .pong
        case .connectionClose: return .close(try Self.code(frame.unmaskedData))
        default: throw .protocolError("a reserved opcode")
        }
    }

    private mutating func add(_ data: ByteBuffer, _ isLast: Bool) throws(WebSocketFault)
        -> WebSocketInput?
    {
        var message = fragments ?? ByteBuffer()
        guard message.readableBytes + data.readableBytes <= messageBytesMax else {
            throw WebSocketFault(
                .messageTooLarge, "a message of more than \(messageBytesMax) bytes")
        }
        message.writeImmutableBuffer(data)
        fragments = isLast ? nil : message
        guard isLast else { return nil }
        guard message.isUTF8 else {
            throw WebSocketFault(.dataInconsistentWithMessage, "the text is not UTF-8")
        }
        return .text(message)
    }

    private static func code(_ data: ByteBuffer) throws(WebSocketFault) -> WebSocketErrorCode {
        var data = data
        guard data.readableBytes > 0 else { return .normalClosure }
        guard let number = data.readInteger(as: UInt16.self) else {
            throw .protocolError("half a close code")
        }
        guard allowed.contains(number) || (3_000...4_999).contains(number) else {
            throw .protocolError("a close code that is none")
        }
        guard data.isUTF8 else {
            throw WebSocketFault(.dataInconsistentWithMessage, "the reason is not UTF-8")
        }
        return WebSocketErrorCode(codeNumber: Int(number))
    }

    /// Those that may stand in a frame (RFC 6455 and its registry).
    private static let allowed: Set<UInt16> = [
        1_000, 1_001, 1_002, 1_003, 1_007, 1_008, 1_009, 1_010, 1_011, 1_012, 1_013, 1_014,
    ]
}

extension WebSocketFault {
    static func protocolError(_ reason: String) -> Self { Self(.protocolError, reason) }

    /// Of NIO's decoder.
    init(_ error: NIOWebSocketError) {
        switch error {
        case .invalidFrameLength: self.init(.messageTooLarge, "a frame that is too large")
        case .fragmentedControlFrame: self = .protocolError("a control frame in pieces")
        case .multiByteControlFrameLength:
            self = .protocolError("a control frame that is too large")
        }
    }
}

extension ByteBuffer {
    fileprivate var isUTF8: Bool {
        String(validating: readableBytesView, as: UTF8.self) != nil
    }
}
