import NIOCore
import TimeSeries
import Testing

@testable import Streams

@Suite struct `The book of subscriptions` {
    private var book = StreamBook(position: .none)
    private let queue = ClientQueue(format: .webSocket)

    private func filter(app: String) -> EventFilter {
        var filter = EventFilter()
        filter.sourceApps = [app]
        return filter
    }

    init() { book.connect(queue) }

    @Test mutating func `sends nothing before it is asked to`() throws {
        book.publish([TestLine(id: 1)])
        #expect(try queue.received().isEmpty)
    }

    @Test mutating func `sends the bytes of the line`() throws {
        book.subscribe(queue, Subscription(id: "a", streams: [.event]))
        _ = try queue.received()
        book.publish([TestLine(id: 1)])
        let bytes = try #require(queue.next()).bytes
        let message = try WebSocketText.messages(Array(bytes.readableBytesView))[0]
        let line = String(decoding: TestLine(id: 1).bytes.dropLast(), as: UTF8.self)
        #expect(String(decoding: message, as: UTF8.self).contains("\"payload\":\(line),"))
    }

    @Test mutating func `sends an event once, however many subscriptions match`() throws {
        book.subscribe(queue, Subscription(id: "a", streams: [.event]))
        book.subscribe(queue, Subscription(id: "b", streams: [.event], events: filter(app: "app")))
        book.publish([TestLine(id: 1), TestLine(id: 2, app: "other")])
        #expect(try queue.received().filter { $0.type == "event" }.map(\.id) == [1, 2])
    }

    @Test mutating func `asks each distinct filter once, however many have it`() {
        for number in 0..<100 {
            let other = ClientQueue(format: .webSocket)
            book.connect(other)
            book.subscribe(
                other, Subscription(id: "a", events: filter(app: "app\(number % 3)")))
        }
        #expect(book.selectionCount == 3)
    }

    @Test mutating func `shares the bytes among all who get the same`() throws {
        let others = (0..<10).map { _ in ClientQueue(format: .webSocket) }
        for other in others {
            book.connect(other)
            book.subscribe(other, Subscription(id: "a", streams: [.event]))
            _ = try other.received()
        }
        book.publish([TestLine(id: 1)])
        let addresses = others.map { other in
            other.next()?.bytes.withUnsafeReadableBytes { $0.baseAddress }
        }
        #expect(Set(addresses).count == 1 && addresses[0] != nil)
    }

    @Test mutating func `joins the log and the live events without a hole or a double`() throws {
        let log = (1...6).map { TestLine(id: UInt64($0)) }
        book.publish(Array(log[..<4]))
        book.subscribe(queue, Subscription(id: "a", streams: [.event], since: EventID(1)))
        let step = try #require(book.takeReplays().first)
        // Two events come while the log is read.
        book.publish(Array(log[4...]))
        book.read(step, from: log)
        book.readAll(from: log)
        book.publish([TestLine(id: 7)])
        #expect(try queue.received().filter { $0.type == "event" }.map(\.id) == [2, 3, 4, 5, 6, 7])
    }

    @Test mutating func `goes on behind an event that is stored but has not come`() throws {
        book.publish([TestLine(id: 1)])
        let message = ClientMessage.subscribe(
            Subscription(id: "a", streams: [.event], since: EventID(3)))
        book.handle(message, from: queue, book.moment(lastID: 3))
        book.publish([TestLine(id: 2)])
        let log = (1...4).map { TestLine(id: UInt64($0)) }
        book.publish(Array(log[2...]))
        book.readAll(from: log)
        book.publish([TestLine(id: 5)])
        #expect(try queue.received().filter { $0.type == "event" }.map(\.id) == [4, 5])
    }

    @Test mutating func `knows no future, and the connection stays`() throws {
        book.subscribe(queue, Subscription(id: "a", streams: [.event], since: EventID(9)))
        #expect(try queue.received().map { $0.text("code") } == ["since_unknown"])
        book.subscribe(queue, Subscription(id: "a", streams: [.event]))
        #expect(try queue.received().map(\.type) == ["subscribed"])
    }

    @Test mutating func `says what the log no longer holds`() throws {
        let log = (1...9).map { TestLine(id: UInt64($0)) }
        book.publish(log)
        let message = ClientMessage.subscribe(
            Subscription(id: "a", streams: [.event], since: EventID(2)))
        book.handle(message, from: queue, book.moment(firstID: 6))
        book.readAll(from: log)
        let frames = try queue.received()
        #expect(frames.map(\.type) == ["subscribed", "gap", "event", "event", "event", "event"])
        #expect(frames[1].text("reason") == "retention" && frames[1].text("id") == "a")
        #expect(frames[1].number("from_id") == 3 && frames[1].number("to_id") == 5)
        #expect(frames[1].number("dropped") == 3)
    }

    @Test mutating func `has so many subscriptions of a connection and no more`() throws {
        for number in 1...65 { book.subscribe(queue, Subscription(id: "\(number)")) }
        #expect(try queue.received().last?.text("code") == "too_many_subscriptions")
        // One that is replaced takes no room.
        book.subscribe(queue, Subscription(id: "64"))
        #expect(try queue.received().last?.type == "subscribed")
    }

    @Test mutating func `ends a subscription, and knows which there are`() throws {
        book.subscribe(queue, Subscription(id: "a", streams: [.event]))
        book.handle(.unsubscribe(id: "a"), from: queue, book.moment())
        book.publish([TestLine(id: 1)])
        book.handle(.unsubscribe(id: "a"), from: queue, book.moment())
        let frames = try queue.received()
        #expect(frames.map(\.type) == ["subscribed", "unsubscribed", "error"])
        #expect(frames[2].text("code") == "subscription_unknown")
        #expect(book.selectionCount == 0)
    }

    @Test mutating func `forgets who has left`() {
        book.subscribe(queue, Subscription(id: "a"))
        book.disconnect(queue)
        #expect(book.isEmpty && book.selectionCount == 0)
        book.publish([TestLine(id: 1)])
        #expect(book.metricSelections.isEmpty)
    }

    @Test mutating func `tells all that there is a heart that beats`() throws {
        book.publish([TestLine(id: 5)])
        book.heartbeat(book.moment())
        let frame = try #require(try queue.received().first)
        #expect(frame.type == "heartbeat" && frame.text("log_id") == "log")
        #expect(frame.number("last_id") == 5)
    }

    @Test mutating func `tells of lines that were too many to look at`() throws {
        book.subscribe(queue, Subscription(id: "a", streams: [.event]))
        book.skip(from: EventID(1), through: EventID(40), at: start)
        book.publish([TestLine(id: 41)])
        let frames = try queue.received()
        #expect(frames.map(\.type) == ["subscribed", "gap"])
        #expect(frames[1].number("dropped") == 41)
    }
}

@Suite struct `Of metrics, alerts and aggregations` {
    private var book = StreamBook(position: .none)
    private let queue = ClientQueue(format: .webSocket)

    init() { book.connect(queue) }

    private func bucket(_ metric: String, app: String? = nil) -> StreamedBucket {
        StreamedBucket(
            metric: metric, sourceApp: app, payload: Array("{\"metric\":\"\(metric)\"}".utf8))
    }

    private func names(_ frame: ReceivedFrame) -> [String] {
        (frame.payload["buckets"] as? [[String: Any]] ?? []).compactMap { $0["metric"] as? String }
    }

    @Test mutating func `a client gets the buckets that its filter names`() throws {
        var selection = MetricSelection(metrics: ["tool.*"], sourceApps: ["a"])
        book.subscribe(queue, Subscription(id: "a", streams: [.metric], metrics: selection))
        selection.interval = .oneHour
        book.subscribe(queue, Subscription(id: "b", streams: [.metric], metrics: selection))
        #expect(book.metricSelections.count == 2)
        #expect(book.takeMetricNewcomers().count == 2)
        _ = try queue.received()
        let all = [
            bucket("tool.calls", app: "a"), bucket("tool.calls", app: "b"), bucket("events"),
            bucket("tool.calls"), bucket("tool.starts", app: "a"),
        ]
        book.publish(all, .oneMinute, at: start)
        let frames = try queue.received()
        #expect(frames.map(\.type) == ["metric"])
        #expect(names(frames[0]) == ["tool.calls", "tool.starts"])
        #expect(frames[0].text("interval") == "1m")
    }

    @Test mutating func `two subscriptions with one filter are one`() throws {
        for id in ["a", "b"] { book.subscribe(queue, Subscription(id: id, streams: [.metric])) }
        _ = try queue.received()
        book.publish([bucket("events")], .oneMinute, at: start)
        #expect(try queue.received().count == 1)
    }

    @Test mutating func `an alert comes to those who want alerts, and again to who asks`() throws {
        book.subscribe(queue, Subscription(id: "a", streams: [.alert]))
        let other = ClientQueue(format: .webSocket)
        book.connect(other)
        book.subscribe(other, Subscription(id: "a", streams: [.event]))
        for number in UInt64(1)...3 {
            book.publish(
                StreamedAlert(
                    number: number, time: start, payload: Array("{\"seq\":\(number)}".utf8)))
        }
        #expect(try queue.received().compactMap { $0.number("seq") } == [1, 2, 3])
        #expect(try other.received().map(\.type) == ["subscribed"])
        book.subscribe(other, Subscription(id: "b", streams: [.alert], sinceAlert: 1))
        #expect(try other.received().compactMap { $0.number("seq") } == [2, 3])
    }

    @Test mutating func `a running aggregation is told on subscribing, a closed one is not`() throws
    {
        func aggregation(_ id: String, app: String = "a", isRunning: Bool) -> StreamedAggregation {
            StreamedAggregation(
                id: id, sessionID: "s", sourceApp: app, agentID: nil, isRunning: isRunning,
                time: start, payload: Array("{\"aggregation_id\":\"\(id)\"}".utf8))
        }
        book.publish(aggregation("1", isRunning: true))
        book.publish(aggregation("2", isRunning: true))
        book.publish(aggregation("3", app: "b", isRunning: true))
        book.publish(aggregation("1", isRunning: false))
        var filter = EventFilter()
        filter.sourceApps = ["a"]
        book.subscribe(queue, Subscription(id: "a", streams: [.aggregation], events: filter))
        book.publish(aggregation("2", isRunning: false))
        book.publish(aggregation("3", app: "b", isRunning: false))
        #expect(try queue.received().compactMap { $0.text("aggregation_id") } == ["2", "2"])
    }
}
