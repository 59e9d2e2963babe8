public import EventIndex
public import TimeSeries

/// Some of the places where events may stand that were asked for, in the order of the question.
public struct IndexPage: Sendable {
    public internal(set) var stretches: [IndexStretch] = []
    /// The ids that are left to ask about; nil where there are none.
    public internal(set) var rest: ClosedRange<EventID>?
    /// Up to where the log is indexed.
    public let end: IndexEnd?
}

/// A value of a field, and the last event that has it.
public struct SeenValue: Equatable, Sendable {
    public let text: [UInt8]
    public let lastID: EventID

    public init(text: [UInt8], lastID: EventID) {
        self.text = text
        self.lastID = lastID
    }
}
