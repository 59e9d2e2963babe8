internal import EventLine
internal import Storage
internal import StrictJSON

/// A row of the reference's database as the event that its hook once sent.
struct ReferenceEvent {
    /// Why a row is no event.
    struct Fault: Error {
        let message: String
    }

    /// Made from the row, so that it is the same each time that the row is imported.
    let eventID: String
    /// The object, without a line end.
    let json: [UInt8]

    init(_ row: ReferenceDatabase.Row) throws(Fault) {
        eventID = Self.eventID(row)
        var object = ObjectWriter()
        object.add("event_id", text: eventID)
        object.add("source_app", text: row.sourceApp)
        object.add("session_id", text: row.sessionID)
        object.add("hook_event_type", text: row.hookEventType)
        try object.add("payload", json: row.payload)
        if let timestamp = row.timestamp { try object.add("timestamp", json: "\(timestamp)") }
        try object.add("chat", json: row.chat)
        object.add("summary", text: row.summary)
        object.add("model_name", text: row.modelName)
        try object.add("humanInTheLoop", json: row.humanInTheLoop)
        try object.add("humanInTheLoopStatus", json: row.humanInTheLoopStatus)
        json = object.finish()
    }

    /// A UUID of version 8 (RFC 9562, section 5.8).
    private static func eventID(_ row: ReferenceDatabase.Row) -> String {
        var hash = ContentHash()
        let parts: [String?] = [
            String(row.id), row.sourceApp, row.sessionID, row.hookEventType,
            row.timestamp.map(String.init), row.payload,
        ]
        for part in parts {
            let bytes = Array((part ?? "").utf8)
            hash.update(Array("\(bytes.count):".utf8).span)
            hash.update(bytes.span)
        }
        var digits = Array(hash.hex.utf8.prefix(32))
        digits[12] = UInt8(ascii: "8")
        digits[16] = UInt8(ascii: "a")
        for place in [20, 16, 12, 8] { digits.insert(UInt8(ascii: "-"), at: place) }
        return String(decoding: digits, as: UTF8.self)
    }
}

/// Writes members one after another; those without a value are left out.
private struct ObjectWriter {
    private var bytes = [UInt8(ascii: "{")]

    mutating func add(_ key: String, text: String?) {
        guard let text else { return }
        begin(key)
        JSONString.encode(text, appendingTo: &bytes)
    }

    /// - Parameter json: JSON as somebody has stored it.
    mutating func add(_ key: String, json: String?) throws(ReferenceEvent.Fault) {
        guard let json else { return }
        let value = Array(json.utf8)
        var cursor = JSONCursor(value.indices)
        do throws(JSONFault) {
            try cursor.skipValue(in: value.span)
            try cursor.finish(in: value.span)
        } catch {
            throw ReferenceEvent.Fault(message: "\(key): not valid JSON: \(error)")
        }
        begin(key)
        JSONCompactor.append(value.indices, of: value.span, to: &bytes)
    }

    func finish() -> [UInt8] { bytes + [UInt8(ascii: "}")] }

    private mutating func begin(_ key: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        JSONString.encode(key, appendingTo: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}
