import Foundation

/// What is counted of an event.
private struct NaiveEvent {
    let type, app, tool: String
    let time: Int
    /// nil where the event names no tool use, or no tool.
    let use, permission: NaiveHalves.Key?
    /// `null` is as good as nothing.
    let duration: Any?
    let lag: Int128?

    var toolTag: [String: String] { ["tool": tool] }

    init(_ line: [String: Any]) {
        let data = line["data"] as? [String: Any] ?? [:]
        func text(_ value: Any?) -> String { value as? String ?? "" }
        (type, app, tool) = (text(line["type"]), text(line["source_app"]), text(data["tool_name"]))
        time = NaiveTime.milliseconds(line["timestamp"])
        lag = NaiveNumber.parts(line["processing_time_ms"], 6)
        duration = data["duration_ms"] is NSNull ? nil : data["duration_ms"]
        let agent = (line["agent_id"] as? String).map { "named \($0)" } ?? ""
        let owner = [app, text(line["session_id"]), agent]
        func key(_ last: String) -> NaiveHalves.Key? {
            last.isEmpty ? nil : (owner + [last]).map { Array($0.utf8) }
        }
        use = key(text(data["tool_use_id"]))
        permission = key(tool).map { $0 + [Self.bytes(data["tool_input"])] }
    }

    private static func bytes(_ input: Any?) -> [UInt8] {
        guard let input else { return [] }
        let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .sortedKeys]
        let data = try? JSONSerialization.data(withJSONObject: input, options: options)
        return [UInt8](data ?? Data())
    }
}

extension NaiveTwin {
    private static let millisecond: Int128 = 1_000_000

    mutating func addEvent(_ line: [String: Any]) {
        let event = NaiveEvent(line)
        observe("events", event, ["type": event.type])
        if let lag = event.lag { observe("ingest.lag", event, [:], lag) }
        switch event.type {
        case "PreToolUse": start(event)
        case "PostToolUse", "PostToolUseFailure": end(event)
        case "PermissionRequest": request(event)
        case "PermissionDenied": endPermission(event, ran: 0)
        default: break
        }
        for metric in counters[event.type] ?? [] { observe(metric, event, [:]) }
    }

    private mutating func observe(
        _ metric: String, _ event: NaiveEvent, _ tags: [String: String],
        _ value: Int128 = 1_000_000, at time: Int? = nil
    ) {
        var tags = tags.mapValues(Self.cut)
        tags["source_app"] = Self.cut(event.app)
        observe(NaiveSeries(metric, tags), NaiveBucket(value, at: time ?? event.time))
    }

    /// To 256 bytes, but not within a character.
    private static func cut(_ text: String) -> String {
        var bytes = text.utf8.prefix(256)
        while String(bytes) == nil { bytes.removeLast() }
        return String(bytes) ?? ""
    }
}

// MARK: Tools

extension NaiveTwin {
    private mutating func start(_ event: NaiveEvent) {
        observe("tool.starts", event, event.toolTag)
        guard let use = event.use else { return }
        if let end = ends.take(use) {
            took(from: event.time, to: end.time, event)
        } else {
            starts.keep(NaiveHalves.Half(key: use, id: id, time: event.time))
        }
    }

    private mutating func end(_ event: NaiveEvent) {
        observe("tool.calls", event, event.toolTag)
        if event.type != "PostToolUse" { observe("tool.failures", event, event.toolTag) }
        var ran: Int128 = 0
        let start = event.use.flatMap { starts.take($0) }
        if let duration = event.duration {
            if let known = NaiveNumber.parts(duration, 6) {
                observe("tool.duration", event, event.toolTag, known)
                ran = known
            }
        } else if let start {
            took(from: start.time, to: event.time, event)
        } else if let use = event.use {
            ends.keep(NaiveHalves.Half(key: use, id: id, time: event.time))
        }
        endPermission(event, ran: ran)
    }

    private mutating func took(from start: Int, to end: Int, _ event: NaiveEvent) {
        let duration = Int128(max(0, end - start)) * Self.millisecond
        observe("tool.duration", event, event.toolTag, duration, at: max(start, end))
    }
}

// MARK: Permissions

extension NaiveTwin {
    private mutating func request(_ event: NaiveEvent) {
        guard let key = event.permission else { return }
        if let end = permissionEnds.find(key), end.time >= event.time {
            _ = permissionEnds.take(key)
            waited(from: event.time, to: end.time, ran: end.value, event)
        } else {
            requests.keep(NaiveHalves.Half(key: key, id: id, time: event.time))
        }
    }

    private mutating func endPermission(_ event: NaiveEvent, ran: Int128) {
        guard let key = event.permission else { return }
        if let request = requests.find(key), request.time <= event.time {
            _ = requests.take(key)
            waited(from: request.time, to: event.time, ran: ran, event)
        } else {
            permissionEnds.keep(
                NaiveHalves.Half(key: key, id: id, time: event.time, value: ran))
        }
    }

    private mutating func waited(
        from request: Int, to end: Int, ran: Int128, _ event: NaiveEvent
    ) {
        let wait = max(0, Int128(end - request) * Self.millisecond - ran)
        observe("permission.wait", event, event.toolTag, wait, at: end)
    }
}
