public import Catalogue
internal import TimeSeries
internal import Yams

/// Metrics of one's own, read from events.
///
///     metrics:
///       - name: queries
///         kind: counter                   # counter, gauge or distribution
///         unit: "1"                       # optional, like help
///         help: Queries that were sent.
///         digits: 9                       # kept after the point, 6 to 9; optional
///         type: DatabaseQuery             # events of this type;
///         source_app: web                 # of this app alone, optional
///         number: data.duration_ms        # a number that stands in the event, or
///         size: data.rows                 # how many elements or members a value has; else each event is 1
///         tags:
///           table: data.table             # or type, source_app, session_id, agent_id
///       - {name: queue.depth, kind: gauge}    # without a type: samples bring it
///
/// A path's keys are parted by dots; keys that have dots come as a list: `[data, "a.b"]`.
public enum CatalogueFile {
    public static func catalogue(
        _ text: String, file: String
    ) throws(DefinitionFaults) -> UserCatalogue {
        var reader = DefinitionReader(file: file)
        var entries: [Entry] = []
        for (key, node, line) in reader.members(of: text) {
            guard key == "metrics" else {
                reader.add("unknown key \(key); there is metrics", line: line)
                continue
            }
            // All entries may be commented out.
            guard node.null == nil else { continue }
            guard let sequence = node.sequence else {
                reader.add("metrics must be a list", at: node)
                continue
            }
            entries = sequence.map { Entry($0, &reader) }
        }
        // Which metrics are meant is only clear where all of them could be read.
        guard reader.faults.isEmpty else { return try reader.finish(UserCatalogue()) }
        let catalogue = UserCatalogue(metrics: entries.compactMap(\.metric))
        for fault in catalogue.faults() {
            let entry = entries.indices.contains(fault.index) ? entries[fault.index] : nil
            reader.add("\(fault.field) \(fault.message)", line: entry?.line(of: fault.field))
        }
        return try reader.finish(catalogue)
    }
}

/// An entry of the list, and where its keys stand.
private struct Entry {
    private(set) var metric: UserMetric?
    private var lines: [String: Int] = [:]
    private let start: Int?

    private static let keys: Set = [
        "name", "kind", "unit", "help", "digits", "type", "source_app", "number", "size", "tags",
    ]

    init(_ node: Node, _ reader: inout DefinitionReader) {
        start = node.mark?.line
        var values: [String: Node] = [:]
        for (key, value, line) in reader.members(of: node) {
            if !Self.keys.contains(key) { reader.add("unknown key \(key)", line: line) }
            values[key] = value
            lines[key] = line
        }
        guard let name = Self.text("name", values, node, &reader),
            let kind = Self.text("kind", values, node, &reader)
        else { return }
        guard let kind = MetricKind(rawValue: kind) else {
            reader.add("kind must be counter, gauge or distribution", line: lines["kind"])
            return
        }
        var metric = UserMetric(name: name, kind: kind)
        if values["unit"] != nil { metric.unit = Self.text("unit", values, node, &reader) ?? "" }
        if values["help"] != nil { metric.help = Self.text("help", values, node, &reader) ?? "" }
        if let digits = values["digits"] {
            guard let scale = digits.int.flatMap(QuantityScale.init(digits:)) else {
                reader.add("digits must be a number from 6 to 9", at: digits)
                return
            }
            metric.scale = scale
        }
        metric.source = source(values, &reader)
        if metric.source?.value == .one, kind != .counter {
            reader.add("a \(kind.rawValue) needs number or size", at: values["kind"])
        }
        self.metric = metric
    }

    func line(of field: String) -> Int? { lines[field] ?? start }

    private static func text(
        _ key: String, _ values: [String: Node], _ entry: Node, _ reader: inout DefinitionReader
    ) -> String? {
        guard let text = values[key]?.text else {
            reader.add("\(key) must be a text", at: values[key] ?? entry)
            return nil
        }
        return text
    }
}

// MARK: Sources

extension Entry {
    private func source(
        _ values: [String: Node], _ reader: inout DefinitionReader
    ) -> UserMetric.Source? {
        guard let type = values["type"] else {
            for key in ["source_app", "number", "size", "tags"] where values[key] != nil {
                reader.add("\(key) needs a type: which events are meant", line: lines[key])
            }
            return nil
        }
        guard let name = type.text else {
            reader.add("type must be a text", at: type)
            return nil
        }
        var source = UserMetric.Source(type: name, value: value(values, &reader))
        if let app = values["source_app"] {
            source.sourceApp = app.text
            if app.text == nil { reader.add("source_app must be a text", at: app) }
        }
        if let tags = values["tags"] {
            for (key, from, line) in reader.members(of: tags) {
                guard let from = Self.tagSource(from) else {
                    reader.add(
                        "tag \(key) must be type, source_app, session_id, agent_id or a path: data.…",
                        line: line)
                    continue
                }
                source.tags.append(UserMetric.Tag(key, from: from))
            }
        }
        return source
    }

    private func value(
        _ values: [String: Node], _ reader: inout DefinitionReader
    ) -> UserMetric.Value {
        if let number = values["number"], values["size"] != nil {
            reader.add("an entry has number or size, not both", at: number)
        }
        guard let key = ["number", "size"].first(where: { values[$0] != nil }),
            let node = values[key]
        else { return .one }
        guard let path = Self.path(node) else {
            reader.add("\(key) must be a path: data.…", at: node)
            return .one
        }
        return key == "number" ? .number(path) : .size(path)
    }

    private static func tagSource(_ node: Node) -> UserMetric.TagSource? {
        switch node.string {
        case "type": .type
        case "source_app": .sourceApp
        case "session_id": .sessionID
        case "agent_id": .agentID
        default: path(node).map { .data($0) }
        }
    }

    private static func path(_ node: Node) -> DataPath? {
        let keys =
            node.sequence.map { $0.map { $0.string ?? "" } }
            ?? node.string?.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let keys, keys.first == "data", !keys.contains("") else { return nil }
        return DataPath(keys: Array(keys.dropFirst()))
    }
}

extension Node {
    /// A scalar that says something.
    fileprivate var text: String? { null == nil ? string : nil }
}
