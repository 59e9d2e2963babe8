internal import StrictJSON
public import TimeSeries

/// What the server says of itself, beside the streams.
struct ServerMessage {
    let type: String
    let payload: [UInt8]
    private let time: Timestamp

    private init(_ type: String, _ payload: [UInt8], at time: Timestamp) {
        self.type = type
        self.payload = payload
        self.time = time
    }

    /// `subscribed`, `unsubscribed` and `pong`.
    static func reply(_ type: String, id: String?, _ log: LogMark, at time: Timestamp) -> Self {
        var payload = Array("{\"id\":".utf8)
        payload.append(text: id)
        payload.append(UInt8(ascii: ","))
        log.appendMembers(to: &payload)
        payload.append(UInt8(ascii: "}"))
        return Self(type, payload, at: time)
    }

    static func heartbeat(_ log: LogMark, at time: Timestamp) -> Self {
        var payload = [UInt8(ascii: "{")]
        log.appendMembers(to: &payload)
        payload.append(UInt8(ascii: "}"))
        return Self("heartbeat", payload, at: time)
    }

    static func error(_ fault: StreamFault, at time: Timestamp) -> Self {
        var payload = Array("{\"code\":\"\(fault.code.rawValue)\",\"message\":".utf8)
        JSONString.encode(fault.message, appendingTo: &payload)
        payload.append(UInt8(ascii: "}"))
        return Self("error", payload, at: time)
    }

    static func gap(_ loss: FrameLoss, id: String?, reason: String = "slow") -> Self {
        var payload = Array("{\"id\":".utf8)
        payload.append(text: id)
        payload += Array(
            (",\"stream\":\"\(loss.kind.rawValue)\",\"from_id\":\(loss.first),\"to_id\":\(loss.last),"
                + "\"dropped\":\(loss.dropped),\"reason\":\"\(reason)\"}").utf8)
        return Self("gap", payload, at: loss.time)
    }

    func frames(_ format: FrameFormat) -> Frames {
        var timestamp: [UInt8] = []
        time.appendRFC3339(to: &timestamp)
        var bytes: [UInt8] = []
        format.append(type, payload: payload.span, timestamp: timestamp.span, to: &bytes)
        return Frames(.reply, bytes, at: time)
    }
}

/// Which log, and how far it has come.
public struct LogMark: Sendable {
    public let logID: String
    public let lastID: EventID

    public init(logID: String, lastID: EventID) {
        self.logID = logID
        self.lastID = lastID
    }

    fileprivate func appendMembers(to payload: inout [UInt8]) {
        payload += Array("\"log_id\":".utf8)
        JSONString.encode(logID, appendingTo: &payload)
        payload += Array(",\"last_id\":\(lastID)".utf8)
    }
}

/// What a client is told that it did wrong; its connection stays.
public struct StreamFault: Error, Equatable, Sendable {
    public enum Code: String, Sendable {
        case invalidMessage = "invalid_message"
        case tooManySubscriptions = "too_many_subscriptions"
        case subscriptionUnknown = "subscription_unknown"
        case sinceUnknown = "since_unknown"
        case busy
        case logUnavailable = "log_unavailable"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension [UInt8] {
    fileprivate mutating func append(text: String?) {
        if let text {
            JSONString.encode(text, appendingTo: &self)
        } else {
            append(contentsOf: "null".utf8)
        }
    }
}
