import TestSupport
import TimeSeries
import Testing

@testable import Streams

/// What a connection should get, kept the plain way: for each of its subscriptions the stretch of the log
/// that is its own.
private struct NaiveClient {
    struct Stretch {
        let id: String
        let filter: EventFilter
        let after: UInt64
        var through: UInt64?
        /// When it was asked for, and when it was ended, in acts.
        let began: Int
        var ended = Int.max
    }

    let queue: ClientQueue
    var stretches: [Stretch] = []
    var events: [UInt64] = []
    var gaps: [(range: ClosedRange<UInt64>, dropped: Int)] = []

    /// Takes what waits, as a socket would.
    mutating func take() throws {
        for frame in try queue.received() {
            switch frame.type {
            case "event": events.append(try #require(frame.id))
            case "gap":
                let first = UInt64(try #require(frame.number("from_id")))
                let last = UInt64(try #require(frame.number("to_id")))
                gaps.append((first...last, try #require(frame.number("dropped"))))
            default: break
            }
        }
    }

    /// So often an event may come: once, but for subscriptions that began when the others had ended.
    func timesMax(_ line: TestLine) -> Int {
        let wanting = stretches.filter {
            line.id > $0.after && line.id <= $0.through ?? .max && line.matches($0.filter)
        }
        var (times, free) = (0, 0)
        for stretch in wanting.sorted(by: { $0.ended < $1.ended }) where stretch.began >= free {
            (times, free) = (times + 1, stretch.ended)
        }
        return times
    }

    func expected(_ log: [TestLine]) -> Set<UInt64> {
        Set(
            log.filter { line in
                stretches.contains {
                    line.id > $0.after && line.id <= $0.through ?? .max && line.matches($0.filter)
                }
            }.map(\.id))
    }
}

/// A random life of a book with its clients.
private struct RandomStreams {
    private var random: SplitMix64
    private var book = StreamBook(position: .none)
    private var log: [TestLine] = []
    private var clients: [NaiveClient] = []
    private var steps: [ReplayStep] = []
    private var acts = 0

    private static let apps = ["a", "b", "c"]
    private static let types = ["Stop", "PreToolUse"]

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func run() throws {
        for _ in 0..<400 { try act() }
        while !steps.isEmpty { readOne() }
        for place in clients.indices {
            try clients[place].take()
            try check(clients[place])
        }
    }

    private mutating func act() throws {
        acts += 1
        switch Int.random(in: 0..<12, using: &random) {
        case 0: connect()
        case 1, 2: subscribe()
        case 3: unsubscribe()
        case 4, 5, 6: publish()
        case 7, 8, 9: readOne()
        default:
            guard let place = clients.indices.randomElement(using: &random) else { return }
            try clients[place].take()
        }
        steps += book.takeReplays()
    }

    private mutating func connect() {
        guard clients.count < 6 else { return }
        var limits = ClientQueue.Limits()
        limits.framesMax = Int.random(in: 4...20, using: &random)
        let queue = ClientQueue(format: .webSocket, limits: limits)
        clients.append(NaiveClient(queue: queue))
        book.connect(queue)
    }

    private mutating func subscribe() {
        guard let place = clients.indices.randomElement(using: &random) else { return }
        var filter = EventFilter()
        if !random.isOnce(in: 3) { filter.sourceApps = [random.pick(Self.apps)] }
        if random.isOnce(in: 3) { filter.types = [random.pick(Self.types)] }
        let position = book.position.value
        let since = random.isOnce(in: 2) ? UInt64.random(in: 0...position, using: &random) : nil
        let id = "\(clients[place].stretches.count)"
        clients[place].stretches.append(
            NaiveClient.Stretch(
                id: id, filter: filter, after: since ?? position, began: acts))
        book.subscribe(
            clients[place].queue,
            Subscription(
                id: id, streams: [.event], events: filter, since: since.map { EventID($0) }))
    }

    /// Of a subscription that has come to the live events: how far another one has read, only it knows.
    private mutating func unsubscribe() {
        guard let place = clients.indices.randomElement(using: &random) else { return }
        while !steps.isEmpty { readOne() }
        let running = clients[place].stretches.indices.filter {
            clients[place].stretches[$0].through == nil
        }
        guard let stretch = running.randomElement(using: &random) else { return }
        clients[place].stretches[stretch].through = book.position.value
        clients[place].stretches[stretch].ended = acts
        book.handle(
            .unsubscribe(id: clients[place].stretches[stretch].id), from: clients[place].queue,
            book.moment())
    }

    private mutating func publish() {
        let first = (log.last?.id ?? 0) + (random.isOnce(in: 8) ? 3 : 1)
        let lines = (0..<UInt64.random(in: 1...5, using: &random)).map { offset in
            TestLine(
                id: first + offset, app: random.pick(Self.apps), type: random.pick(Self.types),
                isSamples: random.isOnce(in: 6))
        }
        log += lines
        book.publish(lines)
    }

    private mutating func readOne() {
        guard let place = steps.indices.randomElement(using: &random) else { return }
        let step = steps.remove(at: place)
        book.read(step, from: log, atMost: Int.random(in: 1...4, using: &random))
        steps += book.takeReplays()
    }

    private func check(_ client: NaiveClient) throws {
        let got = Set(client.events)
        let times = Dictionary(client.events.map { ($0, 1) }, uniquingKeysWith: +)
        for line in log where times[line.id, default: 0] > 1 {
            #expect(times[line.id, default: 0] <= client.timesMax(line), "event \(line.id)")
        }
        let expected = client.expected(log)
        #expect(got.isSubset(of: expected), "an event came that nobody asked for")
        let missing = expected.subtracting(got)
        let told = missing.filter { id in client.gaps.contains { $0.range.contains(id) } }
        #expect(told == missing, "events are lost and not told")
        #expect(client.gaps.reduce(0) { $0 + $1.dropped } >= missing.count)
    }
}

@Suite struct `Random subscriptions` {
    @Test(arguments: seeds(12, long: 20_000))
    func `get every event once, or are told that they lost it`(seed: UInt64) throws {
        var streams = RandomStreams(seed: seed)
        try streams.run()
    }
}
