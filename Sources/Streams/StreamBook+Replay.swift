internal import EventLine
public import TimeSeries

/// A stretch of the log that is to be read for one subscription: as much of it as is handy.
public struct ReplayStep: Sendable {
    public let queue: ClientQueue
    let number: UInt64
    public let filter: EventFilter
    public let after: EventID
    public let through: EventID

    init(
        _ queue: ClientQueue, _ number: UInt64, _ filter: EventFilter, _ after: EventID,
        _ through: EventID
    ) {
        self.queue = queue
        self.number = number
        self.filter = filter
        self.after = after
        self.through = through
    }
}

extension StreamBook {
    /// Takes in what a step has found.
    /// - Parameters:
    ///   - id: all up to here was looked at.
    ///   - lines: calls its body with each line that matches, in the order of the log.
    public mutating func replayed(
        _ step: ReplayStep, through id: EventID, at time: Timestamp,
        _ lines: ((Span<UInt8>) -> Void) -> Void
    ) {
        let key = ObjectIdentifier(step.queue)
        guard var client = clients[key],
            let place = client.entries.firstIndex(where: { $0.number == step.number }),
            client.entries[place].isReading
        else { return }
        var bytes: [UInt8] = []
        var count = 0
        lines { line in
            guard let envelope = EventEnvelope(line),
                !client.hasSent(line, envelope, except: step.number, position: position)
            else { return }
            EventFrames.append(line, envelope, step.queue.format, to: &bytes)
            count += 1
        }
        if count > 0 { put(Frames(.replay, bytes, at: time, count: count), to: step.queue) }
        goOn(&client, place, through: id)
        settle(&client)
        clients[key] = client
    }

    /// The log cannot be read: the subscription ends, and says so.
    public mutating func replayFailed(_ step: ReplayStep, _ fault: StreamFault, at time: Timestamp)
    {
        let key = ObjectIdentifier(step.queue)
        guard var client = clients[key],
            let place = client.entries.firstIndex(where: { $0.number == step.number })
        else { return }
        put(ServerMessage.error(fault, at: time), to: step.queue)
        client.entries.remove(at: place)
        settle(&client)
        clients[key] = client
    }
}

// MARK: The reference's dashboard

extension StreamBook {
    /// What the reference's dashboard is told on connecting.
    public static let referenceEventsMax = 300

    /// It asks for nothing: it gets some of the newest events at once, and then those that come.
    /// - Parameters:
    ///   - id: the newest of them, or what stands behind it.
    ///   - lines: calls its body with each, oldest first.
    public mutating func begin(
        _ queue: ClientQueue, _ moment: Moment, after id: EventID,
        _ lines: ((Span<UInt8>) -> Void) -> Void
    ) {
        guard clients[ObjectIdentifier(queue)] != nil else { return }
        var payload = [UInt8(ascii: "[")]
        lines { line in
            var shape: [UInt8] = []
            guard ReferenceShape.append(line, to: &shape) else { return }
            if payload.count > 1 { payload.append(UInt8(ascii: ",")) }
            payload += shape
        }
        payload.append(UInt8(ascii: "]"))
        var bytes: [UInt8] = []
        let noTime: [UInt8] = []
        queue.format.append(
            "initial", payload: payload.span, timestamp: noTime.span, to: &bytes)
        put(Frames(.reply, bytes, at: moment.time), to: queue)
        handle(
            .subscribe(Subscription(id: "", streams: [.event], since: id)), from: queue, moment)
    }
}
