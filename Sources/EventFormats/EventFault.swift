public import StrictJSON

/// Why an event is refused. It names the field, never what the sender wrote in it.
public struct EventFault: Error, Equatable, Sendable {
    /// The raw value is the code that callers see. Earlier cases are looked for first.
    public enum Code: String, Sendable, CaseIterable {
        case eventTooLarge = "event_too_large"
        case invalidJSON = "invalid_json"
        case notAnObject = "not_an_object"
        case tooManyMembers = "too_many_members"
        case duplicateKey = "duplicate_key"
        case missingField = "missing_field"
        case invalidField = "invalid_field"
        case fieldTooLong = "field_too_long"
        case invalidTimestamp = "invalid_timestamp"
        case timestampInFuture = "timestamp_in_future"
    }

    public let code: Code
    /// The key that is at fault, as the sender's dialect calls it; nil for the event as a whole.
    public let field: String?
    /// One sentence for the sender.
    public let message: String

    public init(_ code: Code, field: String? = nil, _ message: String) {
        self.code = code
        self.field = field
        self.message = field.map { "\($0): \(message)" } ?? message
    }

    public init(_ fault: JSONFault) {
        self.init(.invalidJSON, "not valid JSON: \(fault)")
    }
}
