internal import StrictJSON
internal import TimeSeries

/// What a client says.
public enum ClientMessage: Equatable, Sendable {
    case subscribe(Subscription)
    case unsubscribe(id: String)
    case ping(id: String?)

    public struct Limits: Sendable {
        /// Values of all filters of one subscription together.
        public var filterValuesMax = 1_000
        /// Of a subscription's id.
        public var idBytesMax = 128

        public init() {}
    }

    /// Why a message was not understood. The text never quotes the sender's values.
    public struct Fault: Error, Equatable, Sendable {
        public let message: String
    }

    public init(_ text: Span<UInt8>, limits: Limits = Limits()) throws(Fault) {
        var reader = MessageReader(text.count, limits)
        self = try reader.message(text)
    }
}

/// Reads one message. Everything that it does not know is a fault, so that a slip of the pen is heard of.
private struct MessageReader {
    private var cursor: JSONCursor
    private let limits: ClientMessage.Limits
    private var values = 0

    private var action: String?
    private var id: String?
    private var subscription = Subscription(id: "")
    private var hasSubscriptionMembers = false

    init(_ count: Int, _ limits: ClientMessage.Limits) {
        cursor = JSONCursor(0..<count, depthMax: 4)
        self.limits = limits
    }

    mutating func message(_ text: Span<UInt8>) throws(ClientMessage.Fault) -> ClientMessage {
        do throws(JSONFault) {
            if try cursor.peek(in: text) == UInt8(ascii: "{") {
                try readMembers(text)
                try cursor.finish(in: text)
            } else {
                note("a message is a JSON object")
            }
        } catch {
            throw ClientMessage.Fault(message: fault ?? "the message is not JSON: \(error)")
        }
        if let fault { throw ClientMessage.Fault(message: fault) }
        return try assembled()
    }

    // MARK: Faults that are no JSON's

    private var fault: String?

    /// Remembers the first one; reading goes on to the end.
    private mutating func note(_ message: String) {
        if fault == nil { fault = message }
    }

    // MARK: Members

    private mutating func readMembers(_ text: Span<UInt8>) throws(JSONFault) {
        var more = try cursor.enterObject(in: text)
        while more {
            let key = try key(text)
            switch key {
            case "action": action = try string(key, text)
            case "id": id = try string(key, text)
            case "streams": try readStreams(text)
            case "filters": try readFilters(text)
            case "since":
                subscription.since = try number(key, text).map { EventID($0) }
                hasSubscriptionMembers = true
            case "since_alert":
                subscription.sinceAlert = try number(key, text)
                hasSubscriptionMembers = true
            default:
                note("a message has action, id, streams, filters, since and since_alert")
                try cursor.skipValue(in: text)
            }
            more = try cursor.anotherMember(in: text)
        }
    }

    private mutating func readStreams(_ text: Span<UInt8>) throws(JSONFault) {
        hasSubscriptionMembers = true
        let kinds = try strings("streams", text)
        let known = kinds.compactMap { StreamKind(rawValue: $0) }
        if known.count < kinds.count {
            note("streams: may hold event, metric, aggregation and alert")
        }
        if !known.isEmpty { subscription.streams = Set(known) }
    }

    private mutating func readFilters(_ text: Span<UInt8>) throws(JSONFault) {
        hasSubscriptionMembers = true
        guard try cursor.peek(in: text) == UInt8(ascii: "{") else {
            note("filters: must be an object")
            return try cursor.skipValue(in: text)
        }
        var more = try cursor.enterObject(in: text)
        while more {
            let key = try key(text)
            switch key {
            case "session_ids": subscription.events.sessionIDs = try strings(key, text)
            case "source_apps":
                subscription.events.sourceApps = try strings(key, text)
                subscription.metrics.sourceApps = subscription.events.sourceApps
            case "event_types": subscription.events.types = try strings(key, text)
            case "agent_ids": subscription.events.agentIDs = try strings(key, text)
            case "metrics": subscription.metrics.metrics = try strings(key, text)
            case "interval": try readInterval(text)
            default:
                note(
                    "filters: may hold session_ids, source_apps, event_types, agent_ids, metrics "
                        + "and interval")
                try cursor.skipValue(in: text)
            }
            more = try cursor.anotherMember(in: text)
        }
    }

    private mutating func readInterval(_ text: Span<UInt8>) throws(JSONFault) {
        guard let name = try string("interval", text) else { return }
        guard let interval = Interval(name: name) else {
            return note("interval: must be 1m, 3m, 5m, 15m or 1h")
        }
        subscription.metrics.interval = interval
    }

    // MARK: Values

    private mutating func key(_ text: Span<UInt8>) throws(JSONFault) -> String {
        Self.text(try cursor.nextKey(in: text), text)
    }

    private mutating func string(_ name: String, _ text: Span<UInt8>) throws(JSONFault) -> String? {
        let first = try cursor.peek(in: text)
        let start = cursor.position
        try cursor.skipValue(in: text)
        guard first == UInt8(ascii: "\"") else {
            note("\(name): must be a string")
            return nil
        }
        return Self.text(start..<cursor.position, text)
    }

    private mutating func number(_ name: String, _ text: Span<UInt8>) throws(JSONFault) -> UInt64? {
        _ = try cursor.peek(in: text)
        let start = cursor.position
        try cursor.skipValue(in: text)
        let token = text.extracting(start..<cursor.position)
        var number: UInt64 = 0
        for index in 0..<token.count {
            let digit = UInt64(token[index] &- UInt8(ascii: "0"))
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(digit)
            guard digit < 10, !overflow, !carry else {
                note("\(name): must be a whole number that is not negative")
                return nil
            }
            number = sum
        }
        return number
    }

    private mutating func strings(_ name: String, _ text: Span<UInt8>) throws(JSONFault)
        -> [String]
    {
        guard try cursor.peek(in: text) == UInt8(ascii: "[") else {
            note("\(name): must be an array of strings")
            try cursor.skipValue(in: text)
            return []
        }
        var found: Set<String> = []
        var more = try cursor.enterArray(in: text)
        while more {
            if let value = try string(name, text) { found.insert(value) }
            values += 1
            more = try cursor.anotherElement(in: text)
        }
        if values > limits.filterValuesMax {
            note("filters: more than \(limits.filterValuesMax) values")
        }
        // Filters that say the same are the same.
        return found.sorted()
    }

    private static func text(_ token: Range<Int>, _ text: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        JSONString.decode(token, in: text, appendingTo: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: The whole

    private mutating func assembled() throws(ClientMessage.Fault) -> ClientMessage {
        if let id, id.isEmpty || id.utf8.count > limits.idBytesMax {
            throw ClientMessage.Fault(message: "id: must have 1 to \(limits.idBytesMax) bytes")
        }
        switch action {
        case "ping" where !hasSubscriptionMembers: return .ping(id: id)
        case "unsubscribe" where !hasSubscriptionMembers: return .unsubscribe(id: try needed())
        case "subscribe":
            subscription.id = try needed()
            return .subscribe(subscription)
        case "ping", "unsubscribe":
            throw ClientMessage.Fault(message: "streams, filters and since belong to subscribe")
        default:
            throw ClientMessage.Fault(message: "action: must be subscribe, unsubscribe or ping")
        }
    }

    private func needed() throws(ClientMessage.Fault) -> String {
        guard let id else { throw ClientMessage.Fault(message: "id: is missing") }
        return id
    }
}
