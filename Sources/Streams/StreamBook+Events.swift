internal import EventLine
public import TimeSeries

extension StreamBook {
    /// A stored line, in the order of the log. Nothing is sent before `flush`.
    public mutating func add(_ line: Span<UInt8>) {
        guard !selections.isEmpty, let envelope = EventEnvelope(line) else { return }
        selections.look(at: line, envelope)
        var frames = EventFrames()
        for key in audiences.keys {
            guard let audience = audiences[key],
                audience.selections.contains(where: { selections.matches($0) })
            else { continue }
            let frame = frames.frame(key.format, line, envelope)
            audiences[key]?.add(frame.span, envelope.id)
        }
    }

    /// Sends what was added.
    /// - Parameters:
    ///   - id: the last line that was added, whether it was an event or not.
    ///   - acknowledged: when the newest of them were.
    public mutating func flush(
        through id: EventID, at time: Timestamp, acknowledged: ContinuousClock.Instant
    ) {
        for key in audiences.keys {
            guard let frames = audiences[key]?.take(at: time, acknowledged: acknowledged) else {
                continue
            }
            for queue in audiences[key]?.members ?? [] where queue.offer(frames) {
                woken.append(queue)
            }
        }
        position = id
        resumeWaiting()
    }

    /// Lines that were too many to look at: whoever waits for events has lost some.
    public mutating func skip(from first: EventID, through last: EventID, at time: Timestamp) {
        let count = Int(clamping: last.value - first.value + 1)
        let loss = FrameLoss(
            kind: .event, first: first.value, last: last.value, dropped: count, time: time)
        for audience in audiences.values {
            for queue in audience.members where queue.lose(loss) { woken.append(queue) }
        }
        position = last
        resumeWaiting()
    }

    /// Those who wanted to go on behind an event that has come only now.
    private mutating func resumeWaiting() {
        for id in clients.keys {
            guard var client = clients[id] else { continue }
            var hasChanged = false
            for place in client.entries.indices where client.entries[place].phase == .waiting {
                let entry = client.entries[place]
                guard entry.start <= position else { continue }
                hasChanged = true
                goOn(&client, place, through: entry.start)
            }
            if hasChanged {
                settle(&client)
                clients[id] = client
            }
        }
    }

    /// A subscription has everything up to an event: it goes live, or reads on.
    mutating func goOn(_ client: inout StreamClient, _ place: Int, through id: EventID) {
        let entry = client.entries[place]
        client.entries[place].joined = id
        if id >= position {
            client.entries[place].phase = .live(selections.add(entry.subscription.events))
        } else {
            client.entries[place].phase = .reading(through: id)
            replays.append(
                ReplayStep(client.queue, entry.number, entry.subscription.events, id, position))
        }
    }
}
