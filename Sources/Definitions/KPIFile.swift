public import KPI
internal import TimeSeries
internal import Yams

/// What is judged, and what is too much of it.
///
///     kpis:
///       - name: hook.latency
///         text: Hooks answer before anybody waits for them.
///         metric: hook.latency            # or ratio: {of: hook.timeouts, to: hook.latency}
///         aggregation: p95                # avg, sum, rate, min, max, last, p50, p99.9, …
///         window: 5m                      # whole minutes
///         where: {source_app: [web, api]} # only series with these tags
///         group_by: [source_app]          # each value is judged for itself
///         good: below                     # or above
///         target: 100                     # in the metric's unit; 2GB and 5% are understood
///         alert: 200
///         critical: 500
///         clear: {alert: 150, critical: 400}
///         for: 1m
///         keep_firing_for: 5m
///         when: {metric: ingest.queue.depth, aggregation: min, above: 0}
///         no_data: keep                   # alert, ok
///         no_data_for: 1h
///         damping: {changes: 6, within: 30m}
///         labels: {team: platform}
public enum KPIFile {
    public static func definitions(
        _ text: String, file: String
    ) throws(DefinitionFaults) -> [KPIDefinition] {
        var reader = DefinitionReader(file: file)
        var found: [KPIDefinition] = []
        for (key, node, line) in reader.members(of: text) {
            guard key == "kpis" else {
                reader.add("unknown key \(key); there is kpis", line: line)
                continue
            }
            guard node.null == nil else { continue }
            guard let sequence = node.sequence else {
                reader.add("kpis must be a list", at: node)
                continue
            }
            for entry in sequence {
                guard let definition = KPIEntry.read(entry, &reader) else { continue }
                if found.contains(where: { $0.name == definition.name }) {
                    reader.add("\(definition.name) is there already", at: entry)
                }
                found.append(definition)
            }
        }
        return try reader.finish(found)
    }
}

/// An entry of the list.
private struct KPIEntry {
    private var values: [String: Node] = [:]
    private var lines: [String: Int] = [:]
    private let node: Node

    private static let keys: Set = [
        "name", "text", "metric", "ratio", "aggregation", "window", "where", "group_by", "good",
        "target", "alert", "critical", "clear", "for", "keep_firing_for", "when", "no_data",
        "no_data_for", "damping", "labels",
    ]

    static func read(_ node: Node, _ reader: inout DefinitionReader) -> KPIDefinition? {
        let count = reader.faults.count
        let entry = KPIEntry(node, &reader)
        guard let definition = entry.definition(&reader), reader.faults.count == count else {
            return nil
        }
        for fault in definition.faults() {
            reader.add("\(fault.key) \(fault.message)", line: entry.line(of: fault.key))
        }
        return definition
    }

    private init(_ node: Node, _ reader: inout DefinitionReader) {
        self.node = node
        for (key, value, line) in reader.members(of: node) {
            if !Self.keys.contains(key) { reader.add("unknown key \(key)", line: line) }
            (values[key], lines[key]) = (value, line)
        }
    }

    private func line(of key: String) -> Int? { lines[key] ?? node.mark?.line }

    private func definition(_ reader: inout DefinitionReader) -> KPIDefinition? {
        guard let name = text("name", &reader), let source = source(&reader),
            let alert = value("alert", isNeeded: true, &reader)
        else { return nil }
        var definition = KPIDefinition(name: name, source: source, alert: alert)
        if values["text"] != nil { definition.text = text("text", &reader) ?? "" }
        definition.target = value("target", &reader)
        definition.critical = value("critical", &reader)
        if let good = choice("good", KPIDefinition.Direction.self, &reader) {
            definition.good = good
        }
        if let policy = choice("no_data", KPIDefinition.NoDataPolicy.self, &reader) {
            definition.noData = policy
        }
        span("window", &definition.windowMilliseconds, &reader)
        span("for", &definition.forMilliseconds, &reader)
        span("keep_firing_for", &definition.keepFiringMilliseconds, &reader)
        span("no_data_for", &definition.noDataMillisecondsMax, &reader)
        definition.tags = tags(&reader)
        definition.groupBy = list("group_by", &reader)
        definition.labels = labels(&reader)
        readClear(&definition, &reader)
        definition.guarding = guarding(&reader)
        definition.damping = damping(&reader)
        return definition
    }
}

// MARK: Where a value comes from

extension KPIEntry {
    private func source(_ reader: inout DefinitionReader) -> KPIDefinition.Source? {
        guard let ratio = values["ratio"] else {
            guard let metric = text("metric", &reader) else { return nil }
            let name = values["aggregation"]?.string ?? "avg"
            guard let aggregation = KPIDefinition.Aggregation(name: name) else {
                reader.add(
                    "aggregation must be avg, sum, rate, min, max, last or a quantile like p95",
                    line: line(of: "aggregation"))
                return nil
            }
            return .metric(metric, aggregation)
        }
        for key in ["metric", "aggregation"] where values[key] != nil {
            reader.add("\(key) cannot stand beside ratio", line: line(of: key))
        }
        var parts: [String: String] = [:]
        for (key, value, line) in reader.members(of: ratio) {
            if !["of", "to"].contains(key) {
                reader.add("unknown key \(key); a ratio has of and to", line: line)
            }
            parts[key] = value.string
        }
        guard let part = parts["of"], let whole = parts["to"] else {
            reader.add("ratio needs the metrics of and to", at: ratio)
            return nil
        }
        return .ratio(of: part, to: whole)
    }

    private func guarding(_ reader: inout DefinitionReader) -> KPIDefinition.Guard? {
        guard let when = values["when"] else { return nil }
        var metric: String?
        var aggregation: KPIDefinition.Aggregation? = .avg
        var bounds: [(isAbove: Bool, bound: Quantity)] = []
        for (key, value, line) in reader.members(of: when) {
            switch key {
            case "metric": metric = value.string
            case "aggregation":
                aggregation = value.string.flatMap { KPIDefinition.Aggregation(name: $0) }
            case "above", "below":
                if let bound = value.string.flatMap(Self.number) {
                    bounds.append((key == "above", bound))
                } else {
                    reader.add("\(key) must be a number", line: line)
                }
            default: reader.add("unknown key \(key)", line: line)
            }
        }
        guard let metric, let aggregation, bounds.count == 1 else {
            reader.add("when needs metric, aggregation and one of above and below", at: when)
            return nil
        }
        return KPIDefinition.Guard(
            metric, aggregation, isAbove: bounds[0].isAbove, bound: bounds[0].bound)
    }

    private func tags(_ reader: inout DefinitionReader) -> [String: Set<String>] {
        guard let node = values["where"] else { return [:] }
        var tags: [String: Set<String>] = [:]
        for (key, value, line) in reader.members(of: node) {
            let texts = value.sequence.map { $0.map(\.string) } ?? [value.string]
            let known = texts.compactMap(\.self)
            if known.count != texts.count || known.isEmpty {
                reader.add("\(key) must be a text or a list of texts", line: line)
            }
            tags[key] = Set(known)
        }
        return tags
    }
}

// MARK: What is too much

extension KPIEntry {
    private func readClear(_ definition: inout KPIDefinition, _ reader: inout DefinitionReader) {
        guard let clear = values["clear"] else { return }
        for (key, value, line) in reader.members(of: clear) {
            guard let number = value.string.flatMap(Self.number) else {
                reader.add("\(key) must be a number", line: line)
                continue
            }
            switch key {
            case "alert": definition.clearAlert = number
            case "critical": definition.clearCritical = number
            default: reader.add("unknown key \(key); there are alert and critical", line: line)
            }
        }
    }

    private func damping(_ reader: inout DefinitionReader) -> KPIDefinition.Damping? {
        guard let node = values["damping"] else { return nil }
        var changes: Int?
        var within: Int64?
        for (key, value, line) in reader.members(of: node) {
            switch key {
            case "changes": changes = value.int
            case "within": within = value.string.flatMap(Measures.milliseconds)
            default: reader.add("unknown key \(key); there are changes and within", line: line)
            }
        }
        guard let changes, let within else {
            reader.add("damping needs changes, a number, and within, a span like 30m", at: node)
            return nil
        }
        return KPIDefinition.Damping(changesMax: changes, withinMilliseconds: within)
    }

    /// `12.5`, `2GB` in bytes, `5%` as 0.05.
    private static func number(_ text: String) -> Quantity? {
        if let number = try? Quantity(decimal: text) { return number }
        if let bytes = Measures.bytes(text) { return try? Quantity(units: bytes) }
        guard text.last == "%", let percent = try? Quantity(decimal: String(text.dropLast())),
            percent.parts % 100 == 0
        else { return nil }
        return Quantity(parts: percent.parts / 100)
    }

    private func value(
        _ key: String, isNeeded: Bool = false, _ reader: inout DefinitionReader
    ) -> Quantity? {
        guard let node = values[key] else {
            if isNeeded { reader.add("\(key) is missing", at: self.node) }
            return nil
        }
        guard let number = node.string.flatMap(Self.number) else {
            reader.add("\(key) must be a number, a size like 2GB or a share like 5%", at: node)
            return nil
        }
        return number
    }
}

// MARK: Plain values

extension KPIEntry {
    private func text(_ key: String, _ reader: inout DefinitionReader) -> String? {
        guard let node = values[key], node.null == nil, let text = node.string else {
            reader.add("\(key) must be a text", at: values[key] ?? node)
            return nil
        }
        return text
    }

    private func span(
        _ key: String, _ milliseconds: inout Int64, _ reader: inout DefinitionReader
    ) {
        guard let node = values[key] else { return }
        guard let span = node.string.flatMap(Self.milliseconds) else {
            reader.add("\(key) must be a span like 90s, 5m or 1h", at: node)
            return
        }
        milliseconds = span
    }

    private static func milliseconds(_ text: String) -> Int64? {
        text == "0" ? 0 : Measures.milliseconds(text)
    }

    private func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ type: Value.Type, _ reader: inout DefinitionReader
    ) -> Value? {
        guard let node = values[key] else { return nil }
        guard let value = node.string.flatMap(Value.init(rawValue:)) else {
            let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
            reader.add("\(key) must be one of \(names)", at: node)
            return nil
        }
        return value
    }

    private func list(_ key: String, _ reader: inout DefinitionReader) -> [String] {
        guard let node = values[key] else { return [] }
        let texts = node.sequence.map { $0.map(\.string) } ?? [node.string]
        let known = texts.compactMap(\.self)
        if known.count != texts.count { reader.add("\(key) must be a list of texts", at: node) }
        return known
    }

    private func labels(_ reader: inout DefinitionReader) -> [String: String] {
        guard let node = values["labels"] else { return [:] }
        var labels: [String: String] = [:]
        for (key, value, line) in reader.members(of: node) {
            guard let text = value.string else {
                reader.add("\(key) must be a text", line: line)
                continue
            }
            labels[key] = text
        }
        return labels
    }
}
