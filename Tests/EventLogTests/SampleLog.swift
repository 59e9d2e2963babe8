import EventLine
import EventLog
import TestSupport
import TimeSeries

/// 2026-11-22T14:00:00Z.
let start = Timestamp(milliseconds: 1_795_356_000_000)

/// The name of a partition that is begun at `start`.
func fileName(firstID: UInt64) -> String {
    PartitionName(start: start, firstID: EventID(firstID)).fileName
}

func header(logID: String = "log", afterID: UInt64 = 0, format: Int = 1) -> [UInt8] {
    let members = [
        "\"kind\":\"header\"", "\"format\":\(format)", "\"log_id\":\"\(logID)\"",
        "\"after_id\":\(afterID)",
    ]
    return Array("{\(members.joined(separator: ","))}\n".utf8)
}

/// A stored event's line; padded to a length, line end included, where one is given.
func line(_ id: UInt64, bytes: Int = 0) -> [UInt8] {
    let head =
        "{\"id\":\(id),\"event_id\":\"e\(id)\",\"type\":\"PreToolUse\",\"source_app\":\"app\","
        + "\"session_id\":\"s\",\"timestamp\":\"2026-11-22T14:00:00.000Z\","
        + "\"server_timestamp\":\"2026-11-22T14:00:00.000Z\",\"processing_time_ms\":0,"
        + "\"enrichment_version\":\"1.0.0\",\"data\":\""
    let pad = max(0, bytes - head.utf8.count - 3)
    let letter = UInt8(ascii: "a") + UInt8(id % 26)
    return Array(head.utf8) + [UInt8](repeating: letter, count: pad) + Array("\"}\n".utf8)
}

func lines(_ ids: ClosedRange<UInt64>) -> [UInt8] {
    ids.flatMap { line($0) }
}

/// What power loss leaves of blocks that were not written.
func zeros(_ count: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: count)
}

func group(_ ids: ClosedRange<UInt64>, lineBytes: Int = 0) -> LineGroup {
    LineGroup(
        bytes: ids.flatMap { line($0, bytes: lineBytes) }, firstID: EventID(ids.lowerBound),
        lastID: EventID(ids.upperBound))
}

extension EventLog {
    static func open(
        _ folder: ScratchFolder, limits: Limits = Limits(), logID: String = "log"
    ) throws -> (log: EventLog, report: RecoveryReport) {
        try open(folder: folder.path, limits: limits, makeLogID: { logID })
    }
}

extension LogSnapshot {
    /// The ids of the lines after an id, as a reader finds them.
    func ids(after id: UInt64 = 0) throws -> [UInt64] {
        var ids: [UInt64] = []
        var cursor = try lines(after: EventID(id))
        while let chunk = try cursor.next() { ids += chunk.wholeIDs.filter { $0 > id } }
        return ids
    }

    func idsBackward(before id: UInt64 = .max) throws -> [UInt64] {
        var ids: [UInt64] = []
        var cursor = try linesBackward(before: EventID(id))
        while let chunk = try cursor.next() { ids += chunk.wholeIDs.reversed().filter { $0 < id } }
        return ids
    }
}

extension LineChunk {
    /// The ids of its events; the header and what is damaged at its head have none.
    var ids: [UInt64] { ids { _ in true } }

    /// The ids of its whole events.
    var wholeIDs: [UInt64] { ids(where: EventEnvelope.isWhole) }

    private func ids(where isWanted: (Span<UInt8>) -> Bool) -> [UInt64] {
        var ids: [UInt64] = []
        forEachLine { range in
            let line = bytes.span.extracting(range)
            if let envelope = EventEnvelope(line), isWanted(line) { ids.append(envelope.id.value) }
            return true
        }
        return ids
    }
}
