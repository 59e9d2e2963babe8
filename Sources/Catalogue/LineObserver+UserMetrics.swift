internal import EventLine
internal import StrictJSON
internal import TimeSeries

extension LineObserver {
    /// What one of the user's entries takes from an event.
    mutating func observe(
        _ plan: Int, _ index: Int, _ line: Span<UInt8>, _ envelope: EventEnvelope,
        into batch: inout ObservationBatch
    ) {
        let metric = plans[plan].metrics[index]
        guard isFrom(metric.sourceApp, envelope.sourceApp, line),
            let value = value(metric, line)
        else { return }
        if metric.kind == .counter, value < .zero { return omissions.add(.negativeCounter) }
        let start = batch.keys.count
        batch.keys += metric.head
        var isFirst = true
        for tag in metric.tags {
            append(tag, line, envelope, &isFirst, to: &batch.keys)
        }
        batch.keys.append(UInt8(ascii: "}"))
        batch.append(
            value, envelope.timestamp, envelope.id, key: start..<batch.keys.count,
            metric: metric.metric, kind: metric.kind)
    }

    private mutating func isFrom(
        _ app: [UInt8]?, _ token: Range<Int>, _ line: Span<UInt8>
    ) -> Bool {
        guard let app else { return true }
        if !line.hasBackslash(in: token) {
            return line.isEqual(token.lowerBound + 1..<token.upperBound - 1, to: app)
        }
        text.removeAll(keepingCapacity: true)
        JSONString.decode(token, in: line, appendingTo: &text)
        return text == app
    }
}

// MARK: Values

extension LineObserver {
    private mutating func value(_ metric: UserPlan, _ line: Span<UInt8>) -> Quantity? {
        switch metric.value {
        case .one: return metric.scale.one
        case .number(let slot):
            guard let token = present(slot, line) else { return nil }
            return quantity(line, token, metric.scale)
        case .size(let slot):
            guard let token = present(slot, line) else { return nil }
            return Quantity(
                parts: Int128(Self.size(line, token)) * metric.scale.one.parts)
        }
    }

    /// `null` is as good as nothing.
    private func present(_ slot: Int, _ line: Span<UInt8>) -> Range<Int>? {
        let token = reader.values[slot]
        return token.isEmpty || line[token.lowerBound] == UInt8(ascii: "n") ? nil : token
    }

    /// How many elements or members a value has; 1 where it can have none.
    private static func size(_ line: Span<UInt8>, _ token: Range<Int>) -> Int {
        var cursor = JSONCursor(token)
        let isArray = line[token.lowerBound] == UInt8(ascii: "[")
        guard isArray || line[token.lowerBound] == UInt8(ascii: "{") else { return 1 }
        // The value was moved over before, so nothing can be thrown here.
        guard var more = try? isArray ? cursor.enterArray(in: line) : cursor.enterObject(in: line)
        else { return 0 }
        var size = 0
        while more {
            if !isArray { guard (try? cursor.nextKey(in: line)) != nil else { break } }
            guard (try? cursor.skipValue(in: line)) != nil else { break }
            size += 1
            more =
                (try? isArray
                    ? cursor.anotherElement(in: line) : cursor.anotherMember(in: line)) ?? false
        }
        return size
    }
}

// MARK: Tags

extension LineObserver {
    private mutating func append(
        _ tag: UserPlan.Tag, _ line: Span<UInt8>, _ envelope: EventEnvelope,
        _ isFirst: inout Bool, to keys: inout [UInt8]
    ) {
        let token: Range<Int>
        switch tag.from {
        case .type: token = envelope.type
        case .sourceApp: token = envelope.sourceApp
        case .sessionID: token = envelope.sessionID
        case .agentID: token = envelope.agentID ?? 0..<0
        case .data(let slot): token = reader.values[slot]
        }
        guard let form = TagForm(line, token) else { return }
        if !isFirst { keys.append(UInt8(ascii: ",")) }
        isFirst = false
        keys += tag.key
        switch form {
        case .string: writer.appendValue(token, line, to: &keys)
        case .bare: writer.appendBare(token, line, to: &keys)
        }
    }
}

/// How a tag's value stands in `data`.
private enum TagForm {
    case string
    /// A number, `true` or `false`: its text is the value.
    case bare

    /// - Returns: nil where the tag is left out.
    init?(_ line: Span<UInt8>, _ token: Range<Int>) {
        guard let first = token.first else { return nil }
        switch line[first] {
        case UInt8(ascii: "\""):
            guard token.count > 2 else { return nil }
            self = .string
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"): return nil
        default: self = .bare
        }
    }
}
