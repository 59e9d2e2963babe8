internal import EventLine
internal import TimeSeries

/// What the book knows of a connection.
struct StreamClient {
    struct Entry {
        let subscription: Subscription
        /// Tells it from another of the same name.
        let number: UInt64
        /// Events behind this one are its own.
        let start: EventID
        var phase: Phase
        /// What is behind this one came live, and may have been lost.
        var joined: EventID
        /// For what was sent already, when another subscription reads the log.
        let matcher: EventMatcher

        enum Phase: Equatable {
            /// Wants no events.
            case silent
            case live(EventSelections.Place)
            /// All up to here was read from the log.
            case reading(through: EventID)
            /// It goes on behind an event that is on the disk, but has not come here.
            case waiting
            /// Nothing more comes; it is remembered for what it has sent.
            case ended(at: EventID)
        }
    }

    let queue: ClientQueue
    var entries: [Entry] = []
    var audience: Audience.Key?

    init(_ queue: ClientQueue) {
        self.queue = queue
    }

    func place(of id: String) -> Int? {
        entries.firstIndex { $0.subscription.id == id && !$0.hasEnded }
    }

    var isReading: Bool { entries.contains { $0.isReading } }

    var liveSelections: Set<EventSelections.Place> {
        Set(entries.compactMap { if case .live(let place) = $0.phase { place } else { nil } })
    }

    func wants(_ kind: StreamKind) -> Bool {
        entries.contains { !$0.hasEnded && $0.subscription.streams.contains(kind) }
    }

    /// Whether an event, read from the log for one subscription, was sent for another one.
    func hasSent(
        _ line: Span<UInt8>, _ envelope: EventEnvelope, except number: UInt64, position: EventID
    ) -> Bool {
        guard entries.count > 1 else { return false }
        let isLost = queue.hasLost(envelope.id)
        return entries.contains { entry in
            entry.number != number && envelope.id > entry.start
                && envelope.id <= entry.sentThrough(position)
                && !(isLost && envelope.id > entry.joined)
                && entry.matcher.matches(line, envelope)
        }
    }

    /// A gap is told for a subscription where no other can be meant.
    func nameGaps() {
        let wanting = entries.filter { !$0.hasEnded }
        queue.setGapID(wanting.count == 1 ? wanting[0].subscription.id : nil)
    }
}

extension StreamClient.Entry {
    var hasEnded: Bool { if case .ended = phase { true } else { false } }
    var isReading: Bool { if case .reading = phase { true } else { false } }

    /// Up to where it has sent.
    func sentThrough(_ position: EventID) -> EventID {
        switch phase {
        case .silent, .waiting: start
        case .live: position
        case .reading(let through), .ended(let through): through
        }
    }
}
