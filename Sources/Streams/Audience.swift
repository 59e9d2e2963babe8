internal import EventLine
internal import StrictJSON
internal import TimeSeries

/// Clients that are sent the same: with the same live event filters, in the same format.
struct Audience {
    struct Key: Hashable {
        let format: FrameFormat
        let selections: Set<EventSelections.Place>
    }

    let selections: [EventSelections.Place]
    private(set) var members: [ClientQueue] = []
    /// The frames of this tick.
    private var bytes: [UInt8] = []
    private var count = 0
    private var first: UInt64 = 0
    private var last: UInt64 = 0

    init(_ key: Key) {
        selections = Array(key.selections)
    }

    mutating func join(_ client: ClientQueue) { members.append(client) }

    mutating func leave(_ client: ClientQueue) {
        guard let place = members.firstIndex(where: { $0 === client }) else { return }
        members.swapAt(place, members.count - 1)
        members.removeLast()
    }

    mutating func add(_ frame: Span<UInt8>, _ id: EventID) {
        if count == 0 { first = id.value }
        last = id.value
        count += 1
        bytes.append(contentsOf: frame, 0..<frame.count)
    }

    /// What came together since the last time; nil where it is nothing.
    mutating func take(at time: Timestamp, acknowledged: ContinuousClock.Instant) -> Frames? {
        guard count > 0 else { return nil }
        defer {
            bytes.removeAll(keepingCapacity: true)
            count = 0
        }
        return Frames(
            .stream(.event), bytes, at: time, count: count, first: first, last: last,
            acknowledged: acknowledged)
    }
}

/// The frame of one event, made at most once for each format.
struct EventFrames {
    private var bytes: [FrameFormat: [UInt8]] = [:]

    /// - Returns: nil where the line has no such shape.
    mutating func frame(
        _ format: FrameFormat, _ line: Span<UInt8>, _ envelope: EventEnvelope
    ) -> [UInt8] {
        if let made = bytes[format] { return made }
        var frame: [UInt8] = []
        Self.append(line, envelope, format, to: &frame)
        bytes[format] = frame
        return frame
    }

    static func append(
        _ line: Span<UInt8>, _ envelope: EventEnvelope, _ format: FrameFormat,
        to output: inout [UInt8]
    ) {
        let time = line.extracting(envelope.serverTimestamp.dropFirst().dropLast())
        if format == .reference {
            var payload: [UInt8] = []
            guard ReferenceShape.append(line, to: &payload) else { return }
            format.append(
                "event", number: nil, payload: payload.span, timestamp: time, to: &output)
        } else {
            let isEnded = line[line.count - 1] == UInt8(ascii: "\n")
            format.append(
                "event", number: envelope.id.value, isMain: true,
                payload: line.extracting(0..<(line.count - (isEnded ? 1 : 0))), timestamp: time,
                to: &output)
        }
    }
}
