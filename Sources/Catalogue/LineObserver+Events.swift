internal import EventLine
internal import StrictJSON
internal import TimeSeries

extension LineObserver {
    mutating func observe(
        _ line: Span<UInt8>, _ envelope: EventEnvelope, into batch: inout ObservationBatch
    ) {
        guard envelope.isOfStrings(line) else { return omissions.add(.malformedLine) }
        let plan = planIndex(line, envelope.type)
        if plan >= 0, !plans[plan].tree.nodes.isEmpty {
            guard reader.read(line, from: envelope.dataStart, plans[plan].tree) else {
                return omissions.add(.malformedLine)
            }
        }
        count(line, envelope, into: &batch)
        measureLag(line, envelope, into: &batch)
        guard plan >= 0 else { return }
        if let role = plans[plan].role { observe(role, line, envelope, into: &batch) }
        for index in plans[plan].metrics.indices {
            observe(plan, index, line, envelope, into: &batch)
        }
    }

    /// -1 where nothing but the envelope is wanted.
    private mutating func planIndex(_ line: Span<UInt8>, _ type: Range<Int>) -> Int {
        if !line.hasBackslash(in: type) {
            return planIndex(line, saying: type.lowerBound + 1..<type.upperBound - 1)
        }
        text.removeAll(keepingCapacity: true)
        JSONString.decode(type, in: line, appendingTo: &text)
        return planIndex(text.span, saying: 0..<text.count)
    }

    private func planIndex(_ bytes: Span<UInt8>, saying range: Range<Int>) -> Int {
        for index in plans.indices where bytes.isEqual(range, to: plans[index].type) {
            return index
        }
        return -1
    }
}

// MARK: Every event

extension LineObserver {
    /// `events{"source_app":"web","type":"Stop"}`
    private mutating func count(
        _ line: Span<UInt8>, _ envelope: EventEnvelope, into batch: inout ObservationBatch
    ) {
        let start = batch.keys.count
        batch.keys.append(text: "events")
        writer.appendTags(
            sourceApp: envelope.sourceApp, second: ",\"type\":", envelope.type, line,
            to: &batch.keys)
        add(Self.one, .events, envelope, from: start, to: &batch)
    }

    /// `ingest.lag{"source_app":"web"}`
    private mutating func measureLag(
        _ line: Span<UInt8>, _ envelope: EventEnvelope, into batch: inout ObservationBatch
    ) {
        guard let lag = quantity(line, envelope.processingTime, .millionths) else { return }
        let start = batch.keys.count
        batch.keys.append(text: "ingest.lag")
        writer.appendTags(sourceApp: envelope.sourceApp, second: "", 0..<0, line, to: &batch.keys)
        add(lag, .ingestLag, envelope, from: start, to: &batch)
    }

    static let one = QuantityScale.millionths.one

    /// Adds an observation at the event's own time.
    private func add(
        _ value: Quantity, _ metric: BuiltinMetric, _ envelope: EventEnvelope, from start: Int,
        to batch: inout ObservationBatch
    ) {
        batch.append(
            value, envelope.timestamp, envelope.id, key: start..<batch.keys.count,
            metric: MetricID(metric), kind: metric.kind)
    }

    /// Reads a number, or counts why it is none.
    mutating func quantity(
        _ line: Span<UInt8>, _ token: Range<Int>, _ scale: QuantityScale
    ) -> Quantity? {
        if let units = line.smallNumber(token) {
            return Quantity(parts: Int128(units &* scale.partsPerUnit))
        }
        do throws(QuantityFault) {
            return try Quantity(decimal: line, range: token, scale: scale)
        } catch {
            omissions.add(error == .outOfRange ? .outOfRange : .notANumber)
            return nil
        }
    }
}

// MARK: Tools

extension LineObserver {
    private mutating func observe(
        _ role: ToolRole, _ line: Span<UInt8>, _ envelope: EventEnvelope,
        into batch: inout ObservationBatch
    ) {
        joinKey.setOwner(
            sourceApp: envelope.sourceApp, sessionID: envelope.sessionID,
            agentID: envelope.agentID, line)
        renderToolTags(line, envelope)
        switch role {
        case .start: startTool(line, envelope, into: &batch)
        case .success: endTool(line, envelope, into: &batch)
        case .failure:
            addTool("tool.failures", .toolFailures, Self.one, envelope, to: &batch)
            endTool(line, envelope, into: &batch)
        case .permissionRequest:
            guard let key = permissionKey(line) else { return }
            let pair = joins.permissionRequested(key, envelope.timestamp, envelope.id)
            addWait(pair, envelope, to: &batch)
        case .permissionDenied: endPermission(.zero, line, envelope, into: &batch)
        }
    }

    private mutating func startTool(
        _ line: Span<UInt8>, _ envelope: EventEnvelope, into batch: inout ObservationBatch
    ) {
        addTool("tool.starts", .toolStarts, Self.one, envelope, to: &batch)
        guard let key = joinKey.toolUse(value(.useID), line) else { return }
        let pair = joins.toolStarted(key, envelope.timestamp, envelope.id)
        addDuration(pair, envelope, to: &batch)
    }

    private mutating func endTool(
        _ line: Span<UInt8>, _ envelope: EventEnvelope, into batch: inout ObservationBatch
    ) {
        addTool("tool.calls", .toolCalls, Self.one, envelope, to: &batch)
        let duration = knownDuration(line, envelope, into: &batch)
        endPermission(duration ?? .zero, line, envelope, into: &batch)
    }

    /// `tool.duration` by the line's own word, else by its start's time.
    private mutating func knownDuration(
        _ line: Span<UInt8>, _ envelope: EventEnvelope, into batch: inout ObservationBatch
    ) -> Quantity? {
        let key = joinKey.toolUse(value(.useID), line)
        guard let token = present(.duration, line) else {
            guard let key else { return nil }
            let pair = joins.toolEnded(key, envelope.timestamp, envelope.id)
            addDuration(pair, envelope, to: &batch)
            return nil
        }
        if let key { joins.toolEndedKnowingDuration(key, envelope.id) }
        guard let duration = quantity(line, token, .millionths) else { return nil }
        addTool("tool.duration", .toolDuration, duration, envelope, to: &batch)
        return duration
    }

    private mutating func endPermission(
        _ duration: Quantity, _ line: Span<UInt8>, _ envelope: EventEnvelope,
        into batch: inout ObservationBatch
    ) {
        guard let key = permissionKey(line) else { return }
        let pair = joins.permissionEnded(
            key, envelope.timestamp, duration: duration.parts, envelope.id)
        addWait(pair, envelope, to: &batch)
    }

    private mutating func permissionKey(_ line: Span<UInt8>) -> StableHash? {
        joinKey.permission(tool: value(.name), input: value(.input), line)
    }
}

// MARK: Writing tools' observations

extension LineObserver {
    private func addDuration(
        _ pair: OpenJoins.Pair?, _ envelope: EventEnvelope, to batch: inout ObservationBatch
    ) {
        guard let pair else { return }
        addTool(
            "tool.duration", .toolDuration, pair.value, envelope, at: pair.time, to: &batch)
    }

    private func addWait(
        _ pair: OpenJoins.Pair?, _ envelope: EventEnvelope, to batch: inout ObservationBatch
    ) {
        guard let pair else { return }
        addTool(
            "permission.wait", .permissionWait, pair.value, envelope, at: pair.time,
            to: &batch)
    }

    /// `{"source_app":"web","tool":"Bash"}`: what the keys of a tool's observations share.
    private mutating func renderToolTags(_ line: Span<UInt8>, _ envelope: EventEnvelope) {
        var tool = value(.name)
        if let first = tool.first, line[first] != UInt8(ascii: "\"") { tool = 0..<0 }
        text.removeAll(keepingCapacity: true)
        writer.appendTags(
            sourceApp: envelope.sourceApp, second: ",\"tool\":", tool, line, to: &text)
    }

    private func addTool(
        _ name: StaticString, _ metric: BuiltinMetric, _ value: Quantity,
        _ envelope: EventEnvelope, at time: Timestamp? = nil, to batch: inout ObservationBatch
    ) {
        let start = batch.keys.count
        batch.keys.append(text: name)
        batch.keys.append(contentsOf: text)
        batch.append(
            value, time ?? envelope.timestamp, envelope.id, key: start..<batch.keys.count,
            metric: MetricID(metric), kind: metric.kind)
    }

    /// Empty where `data` has no such value.
    private func value(_ slot: ToolSlot) -> Range<Int> { reader.values[slot.rawValue] }

    /// `null` is as good as nothing.
    private func present(_ slot: ToolSlot, _ line: Span<UInt8>) -> Range<Int>? {
        let token = value(slot)
        return token.isEmpty || line[token.lowerBound] == UInt8(ascii: "n") ? nil : token
    }
}

extension EventEnvelope {
    /// Whether the fields that become tags and keys are strings, as every sound line has them.
    fileprivate func isOfStrings(_ line: Span<UInt8>) -> Bool {
        let quote = UInt8(ascii: "\"")
        return line[type.lowerBound] == quote && line[sourceApp.lowerBound] == quote
            && line[sessionID.lowerBound] == quote
            && (agentID.map { line[$0.lowerBound] == quote } ?? true)
    }
}

extension Span<UInt8> {
    /// A whole number of one to nine digits, as nearly all are; nil where it is anything else.
    @inline(__always)
    fileprivate func smallNumber(_ token: Range<Int>) -> Int64? {
        guard token.count &- 1 < 9, let first = token.first else { return nil }
        guard token.count == 1 || self[first] != UInt8(ascii: "0") else { return nil }
        var value: Int64 = 0
        for index in token {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }
}

extension BuiltinMetric {
    /// The kind of those that are read from events.
    @inline(__always)
    fileprivate var kind: MetricKind {
        switch self {
        case .toolDuration, .permissionWait, .ingestLag: .distribution
        default: .counter
        }
    }
}
