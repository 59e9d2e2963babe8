internal import StrictJSON

/// The keys at the top of an event that mean something in one of the dialects.
public enum EventKey: UInt32, Sendable, CaseIterable {
    case id, eventID, type, sourceApp, sessionID, agentID, timestamp, serverTimestamp
    case processingTime, enrichmentVersion, data, metadata
    case hookEventType, payload, hookEventName, cwd, toolUseID

    /// As it stands in the JSON.
    public var name: String { staticName.description }

    private var staticName: StaticString {
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
    ///
    /// Length and first byte leave at most one candidate, but for `hook_event_type` and `…_name`.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard let candidate = Self.candidate(bytes, range), candidate.isSpelled(bytes, range) else {
            return nil
        }
        self = candidate
    }

    private static func candidate(_ bytes: Span<UInt8>, _ range: Range<Int>) -> EventKey? {
        guard let start = range.first else { return nil }
        return switch (range.count, bytes[start]) {
        case (2, UInt8(ascii: "i")): .id
        case (3, UInt8(ascii: "c")): .cwd
        case (4, UInt8(ascii: "t")): .type
        case (4, UInt8(ascii: "d")): .data
        case (7, UInt8(ascii: "p")): .payload
        case (8, UInt8(ascii: "e")): .eventID
        case (8, UInt8(ascii: "a")): .agentID
        case (8, UInt8(ascii: "m")): .metadata
        case (9, UInt8(ascii: "t")): .timestamp
        case (10, UInt8(ascii: "s")):
            bytes[start + 1] == UInt8(ascii: "o") ? .sourceApp : .sessionID
        case (11, UInt8(ascii: "t")): .toolUseID
        case (15, UInt8(ascii: "h")):
            bytes[start + 11] == UInt8(ascii: "t") ? .hookEventType : .hookEventName
        case (16, UInt8(ascii: "s")): .serverTimestamp
        case (18, UInt8(ascii: "p")): .processingTime
        case (18, UInt8(ascii: "e")): .enrichmentVersion
        default: nil
        }
    }

    /// Names of eight letters and more are compared as overlapping words of eight.
    private func isSpelled(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let name = staticName
        let count = name.utf8CodeUnitCount
        guard count < 8 else {
            let middle = min(8, count - 8)
            let start = range.lowerBound
            return bytes.littleEndianWord(at: start) == Self.word(name, 0)
                && bytes.littleEndianWord(at: start + middle) == Self.word(name, middle)
                && bytes.littleEndianWord(at: start + count - 8) == Self.word(name, count - 8)
        }
        for index in 0..<count {
            let letter = unsafe name.utf8Start[index]
            guard bytes[range.lowerBound + index] == letter else { return false }
        }
        return true
    }

    @inline(__always)
    private static func word(_ name: StaticString, _ offset: Int) -> UInt64 {
        let start = unsafe UnsafeRawPointer(name.utf8Start)
        return unsafe UInt64(
            littleEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

/// A set of keys, one bit each.
struct EventKeySet: Sendable {
    private var bits: UInt32 = 0

    /// - Returns: whether the key was new.
    mutating func insert(_ key: EventKey) -> Bool {
        let bit: UInt32 = 1 << key.rawValue
        defer { bits |= bit }
        return bits & bit == 0
    }

    func contains(_ key: EventKey) -> Bool { bits & (1 << key.rawValue) != 0 }
}
