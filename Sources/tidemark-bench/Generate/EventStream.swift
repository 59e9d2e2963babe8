/// The lines of a scenario, one at a time: a fleet's events, some of them late, some sent twice.
struct EventStream {
    /// A line that comes after its place.
    private struct HeldLine: Comparable {
        let due: Int
        let order: Int
        let bytes: [UInt8]

        static func < (one: HeldLine, other: HeldLine) -> Bool {
            (one.due, one.order) < (other.due, other.order)
        }

        static func == (one: HeldLine, other: HeldLine) -> Bool {
            (one.due, one.order) == (other.due, other.order)
        }
    }

    /// About three minutes of fifty agents at their own pace.
    private static let lateLinesMax = 5000

    private let scenario: Scenario
    private var random: Xoshiro256
    private var fleet: Fleet
    private var renderer: LineRenderer
    private var written = 0
    private var held = BinaryHeap<HeldLine>()
    private var copy: [UInt8]?

    init(_ scenario: Scenario) {
        self.scenario = scenario
        random = Xoshiro256(seed: scenario.seed)
        fleet = Fleet(scenario, &random)
        renderer = LineRenderer(scenario.dialect, random: Xoshiro256(seed: random.next()))
    }

    /// Appends exactly one line.
    mutating func writeLine(into out: inout ByteWriter) {
        defer { written += 1 }
        if let copy {
            out.text(copy)
            self.copy = nil
        } else if let line = takeHeldLine() {
            out.text(line)
        } else {
            writeEvent(into: &out)
        }
    }

    /// A late line whose place has come; near the end there is no room left to wait.
    private mutating func takeHeldLine() -> [UInt8]? {
        guard let first = held.first else { return nil }
        let isDue = first.due <= written || scenario.count - written <= held.count
        return isDue ? held.removeFirst()?.bytes : nil
    }

    private mutating func writeEvent(into out: inout ByteWriter) {
        while true {
            let start = out.count
            renderEvent(into: &out)
            let hasRoomToWait = scenario.count - written > held.count + 1
            guard hasRoomToWait, random.happens(scenario.lateShare) else {
                repeatSometimes(out, from: start)
                return
            }
            hold(Array(out.bytes[start...]))
            out.truncate(to: start)
        }
    }

    private mutating func renderEvent(into out: inout ByteWriter) {
        let happening = fleet.next()
        let rate = scenario.eventsPerSecond
        let elapsed = rate > 0 ? Double(written) * 1000 / rate : happening.milliseconds
        renderer.render(happening, at: Int64(scenario.startMilliseconds + elapsed), into: &out)
    }

    private mutating func hold(_ bytes: [UInt8]) {
        let due = written + 1 + random.below(Self.lateLinesMax - 1)
        held.insert(HeldLine(due: due, order: held.count, bytes: bytes))
    }

    private mutating func repeatSometimes(_ out: ByteWriter, from start: Int) {
        let hasRoom = scenario.count - written > held.count + 1
        guard hasRoom, random.happens(scenario.duplicateShare) else { return }
        copy = Array(out.bytes[start...])
    }
}
