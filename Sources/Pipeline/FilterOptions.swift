public import EventLine
internal import StrictJSON
public import TimeSeries

/// What there is to filter by: a fold over the log, caught up when somebody asks.
public struct FilterOptions: Sendable {
    public struct Limits: Sendable {
        /// Apps and types, each. Further ones are not listed.
        public var valuesMax = 10_000
        /// The sessions seen last.
        public var sessionsMax = 300

        public init() {}
    }

    private let limits: Limits
    private var apps: Set<String> = []
    private var kinds: Set<String> = []
    /// Session → its newest event, pruned now and then to the newest ones.
    private var sessions: [String: EventID] = [:]
    /// The newest event that is counted in.
    public private(set) var lastID: EventID

    public init(after id: EventID, limits: Limits = Limits()) {
        self.limits = limits
        lastID = id
    }

    public var sourceApps: [String] { apps.sorted() }
    public var types: [String] { kinds.sorted() }
    /// The newest first.
    public var sessionIDs: [String] { newestSessions().map(\.key) }

    public mutating func add(_ line: Span<UInt8>, _ envelope: EventEnvelope) {
        guard envelope.id > lastID else { return }
        lastID = envelope.id
        Self.insert(Self.text(envelope.sourceApp, line), into: &apps, limits.valuesMax)
        Self.insert(Self.text(envelope.type, line), into: &kinds, limits.valuesMax)
        sessions[Self.text(envelope.sessionID, line)] = envelope.id
        if sessions.count > limits.sessionsMax * 4 {
            sessions = Dictionary(uniqueKeysWithValues: newestSessions().map { ($0.key, $0.value) })
        }
    }

    private func newestSessions() -> ArraySlice<(key: String, value: EventID)> {
        sessions.sorted { $0.value > $1.value }.prefix(limits.sessionsMax)
    }

    private static func insert(_ value: String, into set: inout Set<String>, _ max: Int) {
        if set.count < max { set.insert(value) }
    }

    private static func text(_ token: Range<Int>, _ line: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        JSONString.decode(token, in: line, appendingTo: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
