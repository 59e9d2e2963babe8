import NIOCore
import NIOEmbedded
import NIOWebSocket
import WebSocketServer

/// Notes what a connection tells its session.
final class NotingSession: WebSocketSession {
    var connection: WebSocketConnection?
    var texts: [String] = []
    var isClosed = false

    func opened(_ connection: WebSocketConnection) { self.connection = connection }
    func received(_ text: ByteBuffer) { texts.append(String(buffer: text)) }
    func becameWritable() {}
    func closed() { isClosed = true }
}

/// A client's frame, as right or wrong as a test wants it.
struct ClientFrame {
    var opcode: UInt8
    var payload: [UInt8]
    var isLast = true
    var isMasked = true
    var reserved: UInt8 = 0

    static func text(_ text: String, isLast: Bool = true) -> Self {
        Self(opcode: 1, payload: Array(text.utf8), isLast: isLast)
    }

    static func more(_ text: String, isLast: Bool) -> Self {
        Self(opcode: 0, payload: Array(text.utf8), isLast: isLast)
    }

    static func ping(_ text: String) -> Self { Self(opcode: 9, payload: Array(text.utf8)) }

    static func close(_ code: UInt16?, _ reason: [UInt8] = []) -> Self {
        let number = code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? []
        return Self(opcode: 8, payload: number + reason)
    }

    var bytes: [UInt8] {
        var bytes = [(isLast ? 0x80 : 0) | reserved << 4 | opcode]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case ..<126: bytes.append(mask | UInt8(payload.count))
        case ..<65_536:
            bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(mask | 127)
            bytes += stride(from: 56, through: 0, by: -8).map {
                UInt8(truncatingIfNeeded: payload.count >> $0)
            }
        }
        guard isMasked else { return bytes + payload }
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }
}

/// What the server has sent.
struct ServerFrame: Equatable, CustomStringConvertible {
    let opcode: UInt8
    let payload: [UInt8]

    /// Of a close frame.
    var code: Int? {
        opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
    }

    var description: String {
        "\(opcode) \(code.map { "\($0) " } ?? "")\(String(decoding: payload, as: UTF8.self))"
    }
}

/// The server's side of one connection, without a socket.
final class Peer {
    let channel: EmbeddedChannel
    let session = NotingSession()

    init(messageBytesMax: Int = 1_000) throws {
        var limits = WebSocketConnection.Limits()
        limits.messageBytesMax = messageBytesMax
        channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
        try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.messageBytesMax)),
            WebSocketConnection(session, limits: limits),
        ])
    }

    func send(_ frames: ClientFrame...) { send(frames.flatMap(\.bytes)) }

    func send(_ bytes: [UInt8]) {
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
    }

    func answers() throws -> [ServerFrame] {
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            bytes += Array(buffer.readableBytesView)
        }
        var frames: [ServerFrame] = []
        while bytes.count >= 2 {
            let length = Int(bytes[1])
            frames.append(ServerFrame(opcode: bytes[0] & 15, payload: Array(bytes[2..<2 + length])))
            bytes.removeFirst(2 + length)
        }
        return frames
    }

    deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }
}
