import Foundation
import Pipeline
import Testing
import TestSupport
import TimeSeries

/// What `EventReader` should answer, found the plain way: all lines of the files, parsed by Foundation,
/// filtered one by one.
struct NaiveReader {
    struct Event {
        let id: UInt64
        let line: [UInt8]
        let fields: [String: String]
        let timestamp: Timestamp
        /// Every string that is a value, ASCII letters in small.
        let texts: [[UInt8]]
    }

    let events: [Event]

    init(_ folder: ScratchFolder) throws {
        events = try folder.lines().map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let members = try #require(object as? [String: Any])
            let fields = members.compactMapValues { $0 as? String }
            return Event(
                id: try #require(members["id"] as? UInt64), line: Array("\(line)\n".utf8),
                fields: fields,
                timestamp: try #require(Timestamp(rfc3339: fields["timestamp"] ?? "")),
                texts: Self.strings(in: members).map(Self.folded))
        }
    }

    /// The lines of a query, in its order.
    func lines(_ query: EventQuery) -> [Event] {
        let found = events.filter { event in
            event.id > query.after?.value ?? 0 && event.id < query.before?.value ?? .max
                && matches(query.filter, event)
        }
        return query.order == .oldestFirst ? found : found.reversed()
    }

    private func matches(_ filter: EventFilter, _ event: Event) -> Bool {
        let lists = [
            ("session_id", filter.sessionIDs), ("source_app", filter.sourceApps),
            ("type", filter.types), ("agent_id", filter.agentIDs),
        ]
        for (name, wanted) in lists where !wanted.isEmpty {
            guard let value = event.fields[name], wanted.contains(value) else { return false }
        }
        if let from = filter.from, event.timestamp < from { return false }
        if let to = filter.to, event.timestamp >= to { return false }
        guard let text = filter.text else { return true }
        let needle = Self.folded(text)
        return needle.isEmpty || event.texts.contains { !$0.ranges(of: needle).isEmpty }
    }

    private static func strings(in value: Any) -> [String] {
        switch value {
        case let text as String: [text]
        case let values as [Any]: values.flatMap(strings)
        case let members as [String: Any]: members.values.flatMap(strings)
        default: []
        }
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
    }
}
