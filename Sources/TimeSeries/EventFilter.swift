/// Which events a reader wants: all conditions must hold, values within one are alternatives.
///
/// Text is compared as decoded UTF-8, whatever way the sender escaped it.
public struct EventFilter: Hashable, Sendable {
    public var sessionIDs: [String] = []
    public var sourceApps: [String] = []
    public var types: [String] = []
    public var agentIDs: [String] = []
    /// Event time, the first moment that counts.
    public var from: Timestamp?
    /// Event time, the first moment that no longer counts.
    public var to: Timestamp?
    /// A text that stands in one of the event's strings; ASCII letters match in either case.
    public var text: String?

    public init() {}

    public var isEmpty: Bool { self == EventFilter() }
}
