import TestSupport
import TimeSeries

/// Lines as the log holds them, of a small world whose clocks are wrong, whose networks lose, delay and
/// repeat, and whose agents do the same thing again and again.
struct RandomLog {
    enum World {
        case wild
        /// Each tool use is another one, nothing comes twice, and a metric has one kind.
        case tidy
    }

    private let ids: [UInt64]
    /// Lines behind their ids.
    private var rests: [String]

    init(seed: UInt64, _ world: World = .wild, lines: Int = 400) {
        var random = SplitMix64(seed: seed)
        var wire = RandomWire(seed: random.next())
        var agents = RandomAgents(world, seed: random.next())
        var meters = RandomMeters(world, seed: random.next())
        while wire.count < lines {
            wire.pass()
            switch random.next() % 8 {
            case 0...3: agents.useTool(&wire)
            case 4...5: agents.doSomething(&wire)
            default: meters.report(&wire)
            }
        }
        rests = wire.lines()
        ids = Self.ids(rests.count, using: &random)
    }

    /// They rise, with holes where groups could not be written.
    private static func ids(_ count: Int, using random: inout SplitMix64) -> [UInt64] {
        var id: UInt64 = 0
        return (0..<count).map { _ in
            id += random.isOnce(in: 30) ? UInt64.random(in: 2...80, using: &random) : 1
            return id
        }
    }

    var count: Int { rests.count }

    func id(_ place: Int) -> EventID { EventID(ids[place]) }

    subscript(place: Int) -> String {
        rests[place].isEmpty
            ? #"{"kind":"header","format":1,"log_id":"log","after_id":\#(ids[place])}"# + "\n"
            : #"{"id":\#(ids[place])"# + rests[place]
    }

    /// The same lines in another order.
    func shuffled(using random: inout SplitMix64) -> RandomLog {
        var log = self
        log.rests.shuffle(using: &random)
        return log
    }
}

/// The way to the log: what is sent arrives late, twice or never.
struct RandomWire {
    /// 2026-11-25T00:00:00Z
    static let start: Int64 = 1_795_564_800_000

    private struct Arrival {
        let at: Int64
        let number: Int
        /// nil for what is no event.
        let eventTime: Int64?
        let head, tail: String
    }

    private(set) var now = start
    private var random: SplitMix64
    private var arrivals: [Arrival] = []

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    var count: Int { arrivals.count }

    /// Time passes.
    mutating func pass() {
        now += Int64.random(in: 0...random.pick([500, 20_000, 20_000, 400_000]), using: &random)
    }

    /// - Parameters:
    ///   - head: up to the server's time.
    ///   - eventTime: nil for what is no event.
    mutating func send(_ head: String, at eventTime: Int64?, _ tail: String, from moment: Int64) {
        let delay = Int64.random(
            in: 0...random.pick([50, 50, 50, 50, 20_000, 20_000, 3_600_000]), using: &random)
        let days = random.isOnce(in: 60) ? Int64.random(in: 1...3, using: &random) : 0
        arrivals.append(
            Arrival(
                at: moment + delay + days * 86_400_000, number: arrivals.count,
                eventTime: eventTime, head: head, tail: tail))
    }

    /// What follows the ids, in the order of arrival.
    mutating func lines() -> [String] {
        arrivals.sort { ($0.at, $0.number) < ($1.at, $1.number) }
        return arrivals.flatMap { arrival in
            // Those of a group have one time.
            let server = arrival.at / 40 * 40
            let time = ",\"server_timestamp\":\"\(Timestamp(milliseconds: server))\""
            let lag = arrival.eventTime.map { ",\"processing_time_ms\":\(server - $0)" } ?? ""
            let line = arrival.head + time + lag + arrival.tail + "\n"
            return random.isOnce(in: 90) ? ["", line] : [line]
        }
    }
}
