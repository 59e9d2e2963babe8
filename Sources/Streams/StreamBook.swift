internal import EventLine
public import TimeSeries

/// Who has subscribed to what, and so who is sent what. It has no clock, no socket and no thread: it is
/// told of messages and of stored lines, and puts frames into the queues of clients.
///
/// An event comes to a connection once, from one of two sides. What is older than a subscription is read
/// from the log, step by step (`replays`), until the reading has come to where the live events are; at that
/// moment the subscription goes over to them:
///
///     ──────── log ────────┬── position ──► live
///     since ─► reading ────╯ joins its audience
public struct StreamBook {
    public struct Limits: Sendable {
        /// Of one connection.
        public var subscriptionsMax = 64
        /// Alerts that can be had again with `since_alert`.
        public var alertsMax = 1_024
        /// Running aggregations that are told on subscribing.
        public var aggregationsMax = 10_000

        public init() {}
    }

    /// What the log says at the moment of a message.
    public struct Moment: Sendable {
        public let time: Timestamp
        public let mark: LogMark
        /// The oldest event that can still be read.
        public let firstID: EventID

        public init(time: Timestamp, mark: LogMark, firstID: EventID) {
            self.time = time
            self.mark = mark
            self.firstID = firstID
        }
    }

    /// All lines up to here were given to the live subscriptions.
    public internal(set) var position: EventID
    /// Steps that are to be read from the log.
    public internal(set) var replays: [ReplayStep] = []
    /// Clients that subscribed to metrics, and are owed the open buckets.
    public internal(set) var metricNewcomers: [MetricNewcomer] = []
    /// Clients that have something to take and do not know it.
    public internal(set) var woken: [ClientQueue] = []
    let limits: Limits
    var clients: [ObjectIdentifier: StreamClient] = [:]
    var selections = EventSelections()
    var audiences: [Audience.Key: Audience] = [:]
    var alerts: [StreamedAlert] = []
    var aggregations: [String: StreamedAggregation] = [:]
    private var lastNumber: UInt64 = 0

    public init(position: EventID, limits: Limits = Limits()) {
        self.position = position
        self.limits = limits
    }

    public var isEmpty: Bool { clients.isEmpty }
    public var clientCount: Int { clients.count }
    /// Filters that each event is asked about.
    public var selectionCount: Int { selections.count }

    // MARK: Connections

    public mutating func connect(_ queue: ClientQueue) {
        clients[ObjectIdentifier(queue)] = StreamClient(queue)
    }

    public mutating func disconnect(_ queue: ClientQueue) {
        guard var client = clients.removeValue(forKey: ObjectIdentifier(queue)) else { return }
        release(client.entries)
        client.entries = []
        settle(&client)
    }

    public mutating func handle(
        _ message: ClientMessage, from queue: ClientQueue, _ moment: Moment
    ) {
        guard var client = clients[ObjectIdentifier(queue)] else { return }
        do throws(StreamFault) {
            switch message {
            case .subscribe(let subscription): try subscribe(&client, subscription, moment)
            case .unsubscribe(let id): try unsubscribe(&client, id, moment)
            case .ping(let id): reply(client, "pong", id: id, moment)
            }
        } catch {
            put(ServerMessage.error(error, at: moment.time), to: queue)
        }
        clients[ObjectIdentifier(queue)] = client
    }

    /// A message that could not be read.
    public mutating func refuse(_ fault: StreamFault, to queue: ClientQueue, at time: Timestamp) {
        put(ServerMessage.error(fault, at: time), to: queue)
    }

    public mutating func heartbeat(_ moment: Moment) {
        let message = ServerMessage.heartbeat(mark(moment), at: moment.time)
        var made: [FrameFormat: Frames] = [:]
        for client in clients.values where client.queue.format != .reference {
            let frames = made[client.queue.format] ?? message.frames(client.queue.format)
            made[client.queue.format] = frames
            put(frames, to: client.queue)
        }
    }

    /// Who comes back with this as `since` misses nothing: later lines were not sent yet.
    func mark(_ moment: Moment) -> LogMark {
        LogMark(logID: moment.mark.logID, lastID: min(position, moment.mark.lastID))
    }

    public mutating func takeWoken() -> [ClientQueue] {
        defer { woken.removeAll(keepingCapacity: true) }
        return woken
    }

    public mutating func takeReplays() -> [ReplayStep] {
        defer { replays = [] }
        return replays
    }

    public mutating func takeMetricNewcomers() -> [MetricNewcomer] {
        defer { metricNewcomers = [] }
        return metricNewcomers
    }

    // MARK: Subscriptions

    private mutating func subscribe(
        _ client: inout StreamClient, _ subscription: Subscription, _ moment: Moment
    ) throws(StreamFault) {
        let old = client.place(of: subscription.id)
        guard old != nil || client.entries.count(where: { !$0.hasEnded }) < limits.subscriptionsMax
        else {
            throw StreamFault(
                .tooManySubscriptions, "more than \(limits.subscriptionsMax) subscriptions")
        }
        if let since = subscription.since, since > moment.mark.lastID {
            throw StreamFault(
                .sinceUnknown,
                "since is beyond the log's last event, which is \(moment.mark.lastID): "
                    + "compare log_id")
        }
        if let old { release([client.entries.remove(at: old)]) }
        reply(client, "subscribed", id: subscription.id, moment)
        client.entries.append(entry(subscription, client, moment))
        settle(&client)
        sendStanding(of: subscription, to: client, moment)
    }

    private mutating func entry(
        _ subscription: Subscription, _ client: StreamClient, _ moment: Moment
    ) -> StreamClient.Entry {
        lastNumber += 1
        let since = subscription.since
        var start = since ?? position
        var phase = StreamClient.Entry.Phase.silent
        if subscription.streams.contains(.event) {
            if let since, since > position {
                phase = .waiting
            } else if let since, since < position {
                start = max(since, EventID(max(moment.firstID.value, 1) - 1))
                tellRetention(subscription.id, since, start, client, moment)
                phase = .reading(through: start)
                replays.append(
                    ReplayStep(client.queue, lastNumber, subscription.events, start, position))
            } else {
                phase = .live(selections.add(subscription.events))
            }
        }
        return StreamClient.Entry(
            subscription: subscription, number: lastNumber, start: start, phase: phase,
            joined: start, matcher: EventMatcher(subscription.events))
    }

    /// The log no longer reaches so far back. How many of the ids were events, nobody knows any more.
    private mutating func tellRetention(
        _ id: String, _ since: EventID, _ start: EventID, _ client: StreamClient, _ moment: Moment
    ) {
        guard start > since else { return }
        let loss = FrameLoss(
            kind: .event, first: since.value + 1, last: start.value,
            dropped: Int(clamping: start.value - since.value), time: moment.time)
        put(ServerMessage.gap(loss, id: id, reason: "retention"), to: client.queue)
    }

    private mutating func unsubscribe(
        _ client: inout StreamClient, _ id: String, _ moment: Moment
    ) throws(StreamFault) {
        guard let place = client.place(of: id) else {
            throw StreamFault(.subscriptionUnknown, "id: there is no such subscription")
        }
        release([client.entries[place]])
        client.entries[place].phase = .ended(at: client.entries[place].sentThrough(position))
        settle(&client)
        reply(client, "unsubscribed", id: id, moment)
    }

    private mutating func release(_ entries: [StreamClient.Entry]) {
        for case .live(let place) in entries.map(\.phase) { selections.remove(place) }
    }

    /// After its subscriptions have changed: the client is where it belongs.
    mutating func settle(_ client: inout StreamClient) {
        // What has ended counts only for those that read the log now.
        if !client.isReading { client.entries.removeAll { $0.hasEnded } }
        client.nameGaps()
        let live = client.liveSelections
        let key = live.isEmpty ? nil : Audience.Key(format: client.queue.format, selections: live)
        guard key != client.audience else { return }
        if let old = client.audience {
            audiences[old]?.leave(client.queue)
            if audiences[old]?.members.isEmpty == true { audiences[old] = nil }
        }
        if let key { audiences[key, default: Audience(key)].join(client.queue) }
        client.audience = key
    }

    // MARK: Sending

    private mutating func reply(
        _ client: StreamClient, _ type: String, id: String?, _ moment: Moment
    ) {
        put(ServerMessage.reply(type, id: id, mark(moment), at: moment.time), to: client.queue)
    }

    mutating func put(_ message: ServerMessage, to queue: ClientQueue) {
        guard queue.format != .reference else { return }
        put(message.frames(queue.format), to: queue)
    }

    mutating func put(_ frames: Frames, to queue: ClientQueue) {
        if queue.offer(frames) { woken.append(queue) }
    }
}
