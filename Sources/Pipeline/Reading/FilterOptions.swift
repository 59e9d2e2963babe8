internal import EventIndex
internal import EventLine
internal import Storage
internal import StrictJSON
internal import TimeSeries

/// What there is to filter by, put together when somebody asks: from the index, and from the lines behind it.
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

    init(limits: Limits) {
        self.limits = limits
    }

    public var sourceApps: [String] { apps.sorted() }
    public var types: [String] { kinds.sorted() }
    /// The newest first.
    public var sessionIDs: [String] { newestSessions().map(\.key) }

    /// What the index knows. Where its store cannot be read, that is missing.
    mutating func add(_ index: LogIndex.View) {
        for field in [IndexedField.sessionID, .sourceApp, .type] {
            let max = field == .sessionID ? limits.sessionsMax : limits.valuesMax
            for value in (try? index.store?.newestValues(of: field, max: max)) ?? [] {
                add(field, String(decoding: value.text, as: UTF8.self), value.lastID)
            }
        }
        for entry in index.pending.lazy.flatMap(\.entries) where !entry.value.isAny {
            let text = String(decoding: entry.value.text, as: UTF8.self)
            add(entry.value.field, text, entry.lastID)
        }
    }

    mutating func add(_ found: FoundLines) {
        for (id, range) in found.lines {
            let line = found.bytes.span.extracting(range)
            guard let envelope = EventEnvelope(line) else { continue }
            add(.sourceApp, Self.text(envelope.sourceApp, line), id)
            add(.type, Self.text(envelope.type, line), id)
            add(.sessionID, Self.text(envelope.sessionID, line), id)
        }
    }

    private mutating func add(_ field: IndexedField, _ text: String, _ id: EventID) {
        switch field {
        case .sourceApp: if apps.count < limits.valuesMax { apps.insert(text) }
        case .type: if kinds.count < limits.valuesMax { kinds.insert(text) }
        case .sessionID: add(session: text, id)
        case .agentID: break
        }
    }

    private mutating func add(session: String, _ id: EventID) {
        sessions[session] = max(id, sessions[session] ?? .none)
        if sessions.count > limits.sessionsMax * 4 {
            sessions = Dictionary(uniqueKeysWithValues: newestSessions().map { ($0.key, $0.value) })
        }
    }

    private func newestSessions() -> ArraySlice<(key: String, value: EventID)> {
        sessions.sorted { $0.value > $1.value }.prefix(limits.sessionsMax)
    }

    private static func text(_ token: Range<Int>, _ line: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        JSONString.decode(token, in: line, appendingTo: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
