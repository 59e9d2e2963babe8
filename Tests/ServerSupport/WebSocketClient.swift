internal import Foundation

/// A WebSocket client, as blocking and as rude as a test wants it.
public final class WebSocketClient {
    public struct Frame: Sendable {
        public let opcode: UInt8
        public let payload: [UInt8]

        public var text: String { String(decoding: payload, as: UTF8.self) }
        /// Of a close frame.
        public var code: Int? {
            opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
        }
    }

    /// A text message of the server's.
    public struct Message: Sendable {
        public let type: String
        public let text: String
        /// The ids of an event, of a gap and the like: whatever number stands in the payload.
        public let numbers: [String: Int]
        public let texts: [String: String]

        init(_ text: String) throws {
            self.text = text
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
            guard let members = object as? [String: Any], let type = members["type"] as? String
            else { throw HTTPConnection.Failure(description: "no message: \(text.prefix(80))") }
            let payload = members["payload"] as? [String: Any] ?? [:]
            self.type = type
            numbers = payload.compactMapValues { $0 as? Int }
            texts = payload.compactMapValues { $0 as? String }
        }

        public var id: Int? { numbers["id"] }
    }

    public let connection: HTTPConnection

    /// Connects and does the handshake, which must succeed.
    public init(
        port: Int, target: String = "/stream", headers: [String: String] = [:],
        receiveBufferBytes: Int? = nil
    ) throws {
        connection = try HTTPConnection(
            port: port, timeoutSeconds: 30, receiveBufferBytes: receiveBufferBytes)
        try connection.sendHead(
            "GET", target, headers: Self.handshake.merging(headers) { $1 })
        let head = try connection.readHead()
        // RFC 6455, section 1.3: of this very key.
        guard head.status == 101,
            head.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        else { throw HTTPConnection.Failure(description: "no handshake: \(head)") }
    }

    public static let handshake = [
        "Connection": "keep-alive, Upgrade", "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ]

    public func send(_ text: String) throws { try send(opcode: 1, Array(text.utf8)) }

    public func send(opcode: UInt8, _ payload: [UInt8], isLast: Bool = true) throws {
        let key: [UInt8] = [1, 2, 3, 4]
        var bytes = [(isLast ? 0x80 : 0) | opcode]
        if payload.count < 126 {
            bytes.append(0x80 | UInt8(payload.count))
        } else {
            bytes += [0x80 | 127]
            bytes += stride(from: 56, through: 0, by: -8).map {
                UInt8(truncatingIfNeeded: payload.count >> $0)
            }
        }
        bytes += key + payload.enumerated().map { $1 ^ key[$0 % 4] }
        try connection.send(bytes)
    }

    /// Everything about the streams that a test may say.
    public func subscribe(
        _ id: String = "main", streams: String = "[\"event\"]", filters: String = "{}",
        since: Int? = nil
    ) throws {
        let since = since.map { ",\"since\":\($0)" } ?? ""
        try send(
            "{\"action\":\"subscribe\",\"id\":\"\(id)\",\"streams\":\(streams),"
                + "\"filters\":\(filters)\(since)}")
    }

    public func readFrame() throws -> Frame {
        let head = try connection.socket.take(2)
        var length = Int(head[1])
        if length >= 126 {
            length = try connection.socket.take(length == 126 ? 2 : 8).reduce(0) {
                $0 << 8 | Int($1)
            }
        }
        return Frame(opcode: head[0] & 15, payload: try connection.socket.take(length))
    }

    /// The next message; pings are answered, heartbeats passed over.
    public func read() throws -> Message {
        while true {
            let frame = try readFrame()
            switch frame.opcode {
            case 1:
                let message = try Message(frame.text)
                if message.type != "heartbeat" { return message }
            case 9: try send(opcode: 10, frame.payload)
            default: throw HTTPConnection.Failure(description: "frame \(frame)")
            }
        }
    }

    /// So many messages of a type; all others are passed over.
    public func read(_ count: Int, _ type: String) throws -> [Message] {
        var found: [Message] = []
        while found.count < count {
            let message = try read()
            if message.type == type { found.append(message) }
        }
        return found
    }
}
