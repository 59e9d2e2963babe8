internal import EventLine

/// What was done to an event before it was stored: it stands in its metadata.
struct IntakeNotes: Sendable {
    let redactions: [Redaction]
    var capped = CappedStrings()

    /// The transcript that was taken out, and which of the other members it was.
    var chat: (note: ChatNote, member: Int)?

    var isEmpty: Bool { redactions.isEmpty && capped.isEmpty && chat == nil }
}
