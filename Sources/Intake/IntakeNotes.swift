/// What was done to an event before it was stored: it stands in its metadata.
struct IntakeNotes: Sendable {
    let redactions: [Redaction]
    var capped = CappedStrings()

    var isEmpty: Bool { redactions.isEmpty && capped.isEmpty }
}
