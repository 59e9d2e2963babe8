internal import Queries
public import TimeSeries

/// Where an alert has gone from one state to another.
public struct StreamedAlert: Sendable {
    /// Rises from transition to transition.
    public let number: UInt64
    public let time: Timestamp
    /// JSON.
    public let payload: [UInt8]

    public init(number: UInt64, time: Timestamp, payload: [UInt8]) {
        self.number = number
        self.time = time
        self.payload = payload
    }
}

/// One piece of an agent's work, as it opens and closes.
public struct StreamedAggregation: Sendable {
    public let id: String
    public let sessionID: String
    public let sourceApp: String
    public let agentID: String?
    public let isRunning: Bool
    public let time: Timestamp
    /// JSON.
    public let payload: [UInt8]

    public init(
        id: String, sessionID: String, sourceApp: String, agentID: String?, isRunning: Bool,
        time: Timestamp, payload: [UInt8]
    ) {
        self.id = id
        self.sessionID = sessionID
        self.sourceApp = sourceApp
        self.agentID = agentID
        self.isRunning = isRunning
        self.time = time
        self.payload = payload
    }

    func isSelected(by filter: EventFilter) -> Bool {
        func holds(_ wanted: [String], _ value: String?) -> Bool {
            wanted.isEmpty || value.map(wanted.contains) ?? false
        }
        return holds(filter.sessionIDs, sessionID) && holds(filter.sourceApps, sourceApp)
            && holds(filter.agentIDs, agentID)
    }
}

/// A bucket that changed, or closed.
public struct StreamedBucket: Sendable {
    public let metric: String
    /// Of the tag, where there is one.
    public let sourceApp: String?
    /// JSON.
    public let payload: [UInt8]

    public init(metric: String, sourceApp: String?, payload: [UInt8]) {
        self.metric = metric
        self.sourceApp = sourceApp
        self.payload = payload
    }
}

/// Who is owed the open buckets.
public struct MetricNewcomer: Sendable {
    public let queue: ClientQueue
    public let selection: MetricSelection
}

extension StreamBook {
    // MARK: Alerts and aggregations

    public mutating func publish(_ alert: StreamedAlert) {
        alerts.append(alert)
        if alerts.count > limits.alertsMax { alerts.removeFirst() }
        send {
            $0.wants(.alert)
        } make: {
            Self.frames(of: [alert], .stream(.alert), $0)
        }
    }

    public mutating func publish(_ aggregation: StreamedAggregation) {
        if !aggregation.isRunning {
            aggregations[aggregation.id] = nil
        } else if aggregations.count < limits.aggregationsMax {
            aggregations[aggregation.id] = aggregation
        }
        let position = position
        send {
            $0.entries.contains { entry in
                !entry.hasEnded && entry.subscription.streams.contains(.aggregation)
                    && aggregation.isSelected(by: entry.subscription.events)
            }
        } make: {
            Self.frames(of: [aggregation], .stream(.aggregation), $0, position)
        }
    }

    /// On subscribing: what is open now, and what was missed.
    mutating func sendStanding(
        of subscription: Subscription, to client: StreamClient, _ moment: Moment
    ) {
        let queue = client.queue
        if subscription.streams.contains(.metric) {
            metricNewcomers.append(
                MetricNewcomer(queue: queue, selection: subscription.metrics))
        }
        if subscription.streams.contains(.aggregation) {
            let running = aggregations.values.filter { $0.isSelected(by: subscription.events) }
                .sorted { $0.id < $1.id }
            if !running.isEmpty {
                put(Self.frames(of: running, .reply, queue.format, position), to: queue)
            }
        }
        if subscription.streams.contains(.alert), let since = subscription.sinceAlert {
            sendAlerts(after: since, id: subscription.id, to: queue, moment)
        }
    }

    private mutating func sendAlerts(
        after since: UInt64, id: String, to queue: ClientQueue, _ moment: Moment
    ) {
        if let oldest = alerts.first, oldest.number > since + 1, alerts.count == limits.alertsMax {
            let loss = FrameLoss(
                kind: .alert, first: since + 1, last: oldest.number - 1,
                dropped: Int(clamping: oldest.number - 1 - since), time: moment.time)
            put(ServerMessage.gap(loss, id: id, reason: "retention"), to: queue)
        }
        let missed = alerts.filter { $0.number > since }
        if !missed.isEmpty { put(Self.frames(of: missed, .reply, queue.format), to: queue) }
    }

    // MARK: Metrics

    /// What is asked for at the moment, each once.
    public var metricSelections: Set<MetricSelection> {
        Set(
            clients.values.flatMap(\.entries)
                .filter { !$0.hasEnded && $0.subscription.streams.contains(.metric) }
                .map(\.subscription.metrics))
    }

    /// The buckets of one interval that changed or closed.
    public mutating func publish(
        _ buckets: [StreamedBucket], _ interval: Interval, at time: Timestamp
    ) {
        var made: [MetricSelection: [FrameFormat: Frames]] = [:]
        for selection in metricSelections where selection.interval == interval {
            let wanted = selection.wanted(of: buckets)
            guard !wanted.isEmpty else { continue }
            made[selection] = Dictionary(
                uniqueKeysWithValues: [FrameFormat.webSocket, .serverSent].map {
                    ($0, Self.frame(of: wanted, selection, .stream(.metric), $0, position, time))
                })
        }
        guard !made.isEmpty else { return }
        for client in clients.values {
            for selection in client.metricSelections {
                if let frames = made[selection]?[client.queue.format] {
                    put(frames, to: client.queue)
                }
            }
        }
    }

    /// The open buckets, for one who has just subscribed.
    public mutating func welcome(
        _ newcomer: MetricNewcomer, with buckets: [StreamedBucket], at time: Timestamp
    ) {
        guard clients[ObjectIdentifier(newcomer.queue)] != nil else { return }
        let wanted = newcomer.selection.wanted(of: buckets)
        guard !wanted.isEmpty else { return }
        put(
            Self.frame(
                of: wanted, newcomer.selection, .reply, newcomer.queue.format, position, time),
            to: newcomer.queue)
    }

    // MARK: Frames

    private mutating func send(
        where isWanted: (StreamClient) -> Bool, make: (FrameFormat) -> Frames
    ) {
        var made: [FrameFormat: Frames] = [:]
        for client in clients.values where isWanted(client) {
            let format = client.queue.format
            let frames = made[format] ?? make(format)
            made[format] = frames
            put(frames, to: client.queue)
        }
    }

    private static func frames(
        of alerts: [StreamedAlert], _ kind: Frames.Kind, _ format: FrameFormat
    ) -> Frames {
        var bytes: [UInt8] = []
        for alert in alerts {
            format.append(
                "alert", number: alert.number, isMain: true, payload: alert.payload.span,
                timestamp: alert.time.rfc3339.span, to: &bytes)
        }
        return Frames(
            kind, bytes, at: alerts.last?.time ?? Timestamp(milliseconds: 0),
            count: alerts.count, first: alerts.first?.number ?? 0, last: alerts.last?.number ?? 0)
    }

    private static func frames(
        of aggregations: [StreamedAggregation], _ kind: Frames.Kind, _ format: FrameFormat,
        _ position: EventID
    ) -> Frames {
        var bytes: [UInt8] = []
        for aggregation in aggregations {
            format.append(
                "aggregation", payload: aggregation.payload.span,
                timestamp: aggregation.time.rfc3339.span, to: &bytes)
        }
        return Frames(
            kind, bytes, at: aggregations.last?.time ?? Timestamp(milliseconds: 0),
            count: aggregations.count, first: position.value, last: position.value)
    }

    private static func frame(
        of buckets: [StreamedBucket], _ selection: MetricSelection, _ kind: Frames.Kind,
        _ format: FrameFormat, _ position: EventID, _ time: Timestamp
    ) -> Frames {
        var payload = Array("{\"interval\":\"\(selection.interval.name)\",\"buckets\":[".utf8)
        for (place, bucket) in buckets.enumerated() {
            if place > 0 { payload.append(UInt8(ascii: ",")) }
            payload += bucket.payload
        }
        payload += Array("]}".utf8)
        var bytes: [UInt8] = []
        format.append(
            "metric", payload: payload.span, timestamp: time.rfc3339.span, to: &bytes)
        return Frames(kind, bytes, at: time, first: position.value, last: position.value)
    }
}

extension StreamClient {
    /// Each once, however many subscriptions have it.
    fileprivate var metricSelections: Set<MetricSelection> {
        Set(
            entries.filter { !$0.hasEnded && $0.subscription.streams.contains(.metric) }
                .map(\.subscription.metrics))
    }
}

extension MetricSelection {
    fileprivate func wanted(of buckets: [StreamedBucket]) -> [StreamedBucket] {
        let patterns = metrics.map(MetricPattern.init)
        return buckets.filter { bucket in
            (patterns.isEmpty || patterns.contains { $0.matches(bucket.metric) })
                && (sourceApps.isEmpty || bucket.sourceApp.map(sourceApps.contains) ?? false)
        }
    }
}

extension Timestamp {
    fileprivate var rfc3339: [UInt8] {
        var text: [UInt8] = []
        appendRFC3339(to: &text)
        return text
    }
}
