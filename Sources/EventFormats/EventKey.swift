/// The keys at the top of an event that mean something in one of the dialects.
public enum EventKey: UInt32, Sendable, CaseIterable {
    case id, eventID, type, sourceApp, sessionID, agentID, timestamp, serverTimestamp
    case processingTime, enrichmentVersion, data, metadata
    case hookEventType, payload, hookEventName, cwd, toolUseID

    /// As it stands in the JSON.
    public var name: String {
        switch self {
        case .id: "id"
        case .eventID: "event_id"
        case .type: "type"
        case .sourceApp: "source_app"
        case .sessionID: "session_id"
        case .agentID: "agent_id"
        case .timestamp: "timestamp"
        case .serverTimestamp: "server_timestamp"
        case .processingTime: "processing_time_ms"
        case .enrichmentVersion: "enrichment_version"
        case .data: "data"
        case .metadata: "metadata"
        case .hookEventType: "hook_event_type"
        case .payload: "payload"
        case .hookEventName: "hook_event_name"
        case .cwd: "cwd"
        case .toolUseID: "tool_use_id"
        }
    }

    /// Keys that Tidemark's own line has at its top: in whatever dialect, no sender's key may stand
    /// beside them under the same name.
    public var isOfTheLine: Bool { rawValue <= EventKey.metadata.rawValue }

    /// The key that these bytes (without quotes or escapes) spell.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        for candidate in Self.candidates(length: range.count)
        where candidate.isSpelled(bytes, range) {
            self = candidate
            return
        }
        return nil
    }

    private static func candidates(length: Int) -> [EventKey] {
        length < byLength.count ? byLength[length] : []
    }

    private static let byLength: [[EventKey]] = {
        let longest = allCases.map(\.name.utf8.count).max() ?? 0
        return (0...longest).map { length in allCases.filter { $0.name.utf8.count == length } }
    }()

    private func isSpelled(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        for letter in name.utf8 {
            guard bytes[index] == letter else { return false }
            index += 1
        }
        return true
    }
}

/// A set of keys, one bit each.
struct EventKeySet {
    private var bits: UInt32 = 0

    /// - Returns: whether the key was new.
    mutating func insert(_ key: EventKey) -> Bool {
        let bit: UInt32 = 1 << key.rawValue
        defer { bits |= bit }
        return bits & bit == 0
    }

    func contains(_ key: EventKey) -> Bool { bits & (1 << key.rawValue) != 0 }
}
