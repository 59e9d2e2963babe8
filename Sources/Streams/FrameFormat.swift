internal import StrictJSON
internal import TimeSeries

/// How frames stand on the wire.
public enum FrameFormat: Sendable {
    /// WebSocket text frames of `{"type":…,"payload":…,"timestamp":"…"}`.
    case webSocket
    /// What the reference's dashboard knows: `{"type":"event","data":…}`, and nothing but events.
    case reference
    /// Server-sent events. Those of the stream's own kind have no name, so that a page hears them with
    /// `onmessage`; all others have.
    case serverSent

    /// Appends one frame.
    /// - Parameters:
    ///   - number: an event's id, or an alert's number.
    ///   - isMain: of the kind that a stream of server-sent events is about.
    func append(
        _ type: String, number: UInt64? = nil, isMain: Bool = false, payload: Span<UInt8>,
        timestamp: Span<UInt8>, to output: inout [UInt8]
    ) {
        switch self {
        case .webSocket:
            let length =
                Self.head.count + type.utf8.count + Self.middle.count + payload.count
                + Self.beforeTime.count + timestamp.count + Self.end.count
            output.append(webSocketHeaderOf: length)
            output.append(contentsOf: Self.head)
            output.append(contentsOf: type.utf8)
            output.append(contentsOf: Self.middle)
            output.append(contentsOf: payload, 0..<payload.count)
            output.append(contentsOf: Self.beforeTime)
            output.append(contentsOf: timestamp, 0..<timestamp.count)
            output.append(contentsOf: Self.end)
        case .reference:
            output.append(webSocketHeaderOf: 9 + type.utf8.count + 9 + payload.count + 1)
            output.append(contentsOf: Self.head)
            output.append(contentsOf: type.utf8)
            output.append(contentsOf: "\",\"data\":".utf8)
            output.append(contentsOf: payload, 0..<payload.count)
            output.append(UInt8(ascii: "}"))
        case .serverSent:
            if let number {
                output.append(contentsOf: "id: ".utf8)
                output.append(decimal: number)
                output.append(UInt8(ascii: "\n"))
            }
            if !isMain {
                output.append(contentsOf: "event: ".utf8)
                output.append(contentsOf: type.utf8)
                output.append(UInt8(ascii: "\n"))
            }
            output.append(contentsOf: "data: ".utf8)
            output.append(contentsOf: payload, 0..<payload.count)
            output.append(contentsOf: "\n\n".utf8)
        }
    }

    private static let head = Array("{\"type\":\"".utf8)
    private static let middle = Array("\",\"payload\":".utf8)
    private static let beforeTime = Array(",\"timestamp\":\"".utf8)
    private static let end = Array("\"}".utf8)
}

extension [UInt8] {
    /// Of an unmasked text frame in one piece (RFC 6455, section 5.2).
    mutating func append(webSocketHeaderOf length: Int) {
        append(0x81)
        switch length {
        case ..<126: append(UInt8(length))
        case ..<65_536:
            append(126)
            append(UInt8(truncatingIfNeeded: length >> 8))
            append(UInt8(truncatingIfNeeded: length))
        default:
            append(127)
            for shift in stride(from: 56, through: 0, by: -8) {
                append(UInt8(truncatingIfNeeded: length >> shift))
            }
        }
    }
}
