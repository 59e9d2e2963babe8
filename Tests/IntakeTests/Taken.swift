import EventFormats
import EventLine
import Foundation
import Intake
import TimeSeries

/// An event that intake took, and the line that the log's writer makes of it.
struct Taken {
    let line: [UInt8]
    let item: EventBatch.Item
    /// Everything of the event that goes on to the log.
    let batchBytes: [UInt8]
    /// The transcript that came with it.
    let chat: [UInt8]?

    var text: String { String(decoding: line, as: UTF8.self) }

    /// The line as Foundation reads it.
    func object() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(line))
        return object as? [String: Any] ?? [:]
    }

    /// What the line's reader says of a stretch of it.
    func part(_ path: (EventEnvelope, EventMembers) -> Range<Int>?) -> String? {
        guard let envelope = EventEnvelope(line.span),
            let members = EventMembers(line.span, after: envelope)
        else { return nil }
        return path(envelope, members).map { String(decoding: line[$0], as: UTF8.self) }
    }

    var eventID: String? { part { envelope, _ in envelope.eventID } }
    var sourceApp: String? { part { envelope, _ in envelope.sourceApp } }
    var sessionID: String? { part { envelope, _ in envelope.sessionID } }
    var data: String? { part { _, members in members.data } }
    var metadata: String? { part { _, members in members.metadata } }

    /// Key and content as they are read from the line.
    var storedKey: (key: KeyedHash.Value, content: UInt32)? {
        guard let envelope = EventEnvelope(line.span),
            let members = EventMembers(line.span, after: envelope)
        else { return nil }
        return Taking.keys.keyAndContent(of: line.span, envelope, members)
    }

    /// The event's own time, as the line spells it.
    var timestamp: String { item.timestamp.description }
}

/// How an event is taken; what a test does not change is what most events meet.
struct Taking {
    var limits = EventIntake.Limits()
    var rules = SecretRule.defaults {
        didSet { redactor = Redactor(rules: rules) }
    }
    var now = Timestamp(milliseconds: 1_738_319_400_003)
    var sourceApp: String?
    var id = EventID(7)

    private var redactor = defaultRedactor
    private static let defaultRedactor = Redactor()
    static let keys = EventKeys(hash: KeyedHash(key: (0x0123_4567_89AB_CDEF, 42)))

    /// Three milliseconds before `now`.
    static let time = "2025-01-31T10:30:00.000Z"

    func callAsFunction(_ event: [UInt8]) throws(EventFault) -> Taken {
        var intake = EventIntake(
            limits: limits, redactor: redactor, keys: Self.keys)
        // Neither the bytes around an event nor the events before it in its batch may matter.
        let bytes = Array("\"\\".utf8) + event + Array("\"}]".utf8)
        var batch = EventBatch()
        let before = Array(#"{"type":"t","source_app":"a","session_id":"s","data":0}"#.utf8)
        let context = EventIntake.Context(now: now, sourceApp: sourceApp)
        try? intake.take(0..<before.count, of: before.span, context, into: &batch)
        let start = batch.bytes.count
        let count = batch.items.count
        do throws(EventFault) {
            try intake.take(2..<(2 + event.count), of: bytes.span, context, into: &batch)
        } catch {
            // What is refused leaves nothing behind.
            guard batch.bytes.count == start, batch.items.count == count else {
                throw EventFault(.invalidJSON, "a refused event was left in the batch")
            }
            throw error
        }
        return taken(batch, start)
    }

    func callAsFunction(_ event: String) throws(EventFault) -> Taken {
        try self(Array(event.utf8))
    }

    /// Why an event is refused; nil where it is taken.
    func fault(_ event: String) -> EventFault? {
        do throws(EventFault) {
            _ = try self(event)
            return nil
        } catch {
            return error
        }
    }

    private func taken(_ batch: EventBatch, _ start: Int) -> Taken {
        let item = batch.items[batch.items.count - 1]
        var line: [UInt8] = []
        EventLineParts.appendLine(
            id: id, timestamp: item.timestamp, serverTime: ServerTime(now), head: item.head,
            tail: item.tail, of: batch.bytes.span, to: &line)
        return Taken(
            line: line, item: item, batchBytes: Array(batch.bytes[start...]),
            chat: batch.chat(of: batch.items.count - 1))
    }
}

let take = Taking()

/// A native event with the given members besides those that it needs.
func native(_ members: String = "", data: String = "{}") -> String {
    #"{"type":"PreToolUse","source_app":"app","session_id":"s1",\#(members)"data":\#(data)}"#
}

/// A token that says the text, by Foundation.
func token(_ text: String) -> String {
    let data = try? JSONSerialization.data(
        withJSONObject: text, options: [.fragmentsAllowed, .withoutEscapingSlashes])
    return String(decoding: data ?? Data(), as: UTF8.self)
}

/// A token that says the text with every unit as an escape.
func escapedToken(_ text: String) -> String {
    let units = text.utf16.map { unit in
        let hex = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
    return "\"\(units.joined())\""
}

/// What an intake takes is always an event.
extension EventBatch.Item {
    var timestamp: Timestamp { known.timestamp }
    var key: KeyedHash.Value { known.key }
    var content: UInt32 { known.content }

    private var known: EventBatch.Event {
        guard let event else { preconditionFailure("a line that is no event") }
        return event
    }
}
