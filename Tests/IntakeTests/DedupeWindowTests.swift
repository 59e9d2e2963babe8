import Intake
import TestSupport
import TimeSeries
import Testing

/// The window as one would write it first: a list, and a dictionary.
private struct NaiveWindow {
    struct Entry {
        let key: KeyedHash.Value
        let id: EventID
        let content: UInt32
        let second: Int64
    }

    let limits: DedupeWindow.Limits
    private(set) var entries: [Entry] = []
    private var known: [KeyedHash.Value: Entry] = [:]

    init(limits: DedupeWindow.Limits) {
        self.limits = limits
    }

    mutating func insert(
        _ key: KeyedHash.Value, _ content: UInt32, _ id: EventID, _ moment: Timestamp
    ) -> DedupeWindow.Answer {
        let second = max(0, moment.milliseconds / 1_000)
        while let oldest = entries.first,
            (second - oldest.second) * 1_000 > limits.ageMillisecondsMax
        {
            removeFirst()
        }
        if let entry = known[key] {
            return .known(entry.id, sameContent: entry.content == content)
        }
        if entries.count == limits.eventsMax { removeFirst() }
        let entry = Entry(key: key, id: id, content: content, second: second)
        entries.append(entry)
        known[key] = entry
        return .new
    }

    private mutating func removeFirst() {
        known[entries.removeFirst().key] = nil
    }

    mutating func removeAll(from id: EventID) {
        for entry in entries where entry.id >= id { known[entry.key] = nil }
        entries.removeAll { $0.id >= id }
    }
}

@Suite struct `A window of known events` {
    private static let hash = KeyedHash(key: (1, 2))

    private static func key(_ number: Int) -> KeyedHash.Value {
        let bytes = Array("event \(number)".utf8)
        return hash.hash(bytes.span)
    }

    private static func limits(_ events: Int, seconds: Int64 = 1_000_000) -> DedupeWindow.Limits {
        var limits = DedupeWindow.Limits()
        limits.eventsMax = events
        limits.ageMillisecondsMax = seconds * 1_000
        return limits
    }

    @Test(arguments: [1, 2, 7, 64, 1_500], seeds(4, long: 500))
    func `answers as a list and a dictionary would`(eventsMax: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed &* 1_000 &+ UInt64(eventsMax))
        let limits = Self.limits(eventsMax, seconds: random.pick([5, 60, 100_000]))
        var window = DedupeWindow(limits: limits)
        var twin = NaiveWindow(limits: limits)
        var id = EventID.none
        var moment = Timestamp(milliseconds: 50_000)
        let keys = random.pick([eventsMax + 1, eventsMax * 2, eventsMax * 10])
        for step in 0..<(eventsMax < 100 ? 1_500 : 6_000) {
            id = id.advanced(by: Int.random(in: 1...3, using: &random))
            let wait = random.isOnce(in: 20) ? -9_000 : random.pick([0, 1, 400, 1_500])
            moment = moment.advanced(byMilliseconds: Int64(wait))
            if random.isOnce(in: 30) {
                let from = EventID(
                    id.value - min(id.value, random.pick([0, 1, 2, 5, 30, 400, 3_000])))
                window.removeAll(from: from)
                twin.removeAll(from: from)
            } else {
                let key = Self.key(Int.random(in: 0..<keys, using: &random))
                let content: UInt32 = random.isOnce(in: 4) ? 1 : 2
                let answer = window.insert(key, content: content, id: id, at: moment)
                let expected = twin.insert(key, content, id, moment)
                if answer != expected {
                    Issue.record("step \(step): \(answer), not \(expected)")
                    return
                }
            }
            if window.count != twin.entries.count {
                Issue.record("step \(step): holds \(window.count), not \(twin.entries.count)")
                return
            }
        }
    }

    @Test func `knows an event by its key and says whether it is the same`() {
        var window = DedupeWindow(limits: Self.limits(4))
        let moment = Timestamp(milliseconds: 0)
        #expect(window.insert(Self.key(1), content: 5, id: EventID(10), at: moment) == .new)
        #expect(
            window.insert(Self.key(1), content: 5, id: EventID(11), at: moment)
                == .known(EventID(10), sameContent: true))
        #expect(
            window.insert(Self.key(1), content: 6, id: EventID(12), at: moment)
                == .known(EventID(10), sameContent: false))
        #expect(window.insert(Self.key(2), content: 5, id: EventID(13), at: moment) == .new)
        #expect(window.count == 2)
    }

    @Test(arguments: [1, 2, 3, 8])
    func `forgets the oldest when one too many comes`(eventsMax: Int) {
        var window = DedupeWindow(limits: Self.limits(eventsMax))
        let moment = Timestamp(milliseconds: 0)
        for number in 0...eventsMax {
            _ = window.insert(
                Self.key(number), content: 0, id: EventID(UInt64(number + 1)), at: moment)
        }
        #expect(window.count == eventsMax)
        for number in 1...eventsMax {
            #expect(
                window.insert(Self.key(number), content: 0, id: EventID(99), at: moment)
                    == .known(EventID(UInt64(number + 1)), sameContent: true))
        }
        #expect(window.insert(Self.key(0), content: 0, id: EventID(100), at: moment) == .new)
    }

    @Test func `forgets what is older than its age`() {
        var window = DedupeWindow(limits: Self.limits(10, seconds: 60))
        func insert(_ seconds: Int64) -> DedupeWindow.Answer {
            window.insert(
                Self.key(1), content: 0, id: EventID(UInt64(seconds + 1)),
                at: Timestamp(milliseconds: seconds * 1_000))
        }
        #expect(insert(0) == .new)
        #expect(insert(60) == .known(EventID(1), sameContent: true))
        #expect(insert(61) == .new)
        #expect(insert(62) == .known(EventID(62), sameContent: true))
    }

    @Test func `takes back a group that was never stored`() {
        var window = DedupeWindow(limits: Self.limits(8))
        let moment = Timestamp(milliseconds: 0)
        for number in 1...5 {
            _ = window.insert(Self.key(number), content: 0, id: EventID(UInt64(number)), at: moment)
        }
        window.removeAll(from: EventID(4))
        #expect(window.count == 3)
        #expect(window.insert(Self.key(4), content: 0, id: EventID(6), at: moment) == .new)
        #expect(
            window.insert(Self.key(3), content: 0, id: EventID(7), at: moment)
                == .known(EventID(3), sameContent: true))
        window.removeAll(from: .none)
        #expect(window.count == 0)
        #expect(window.insert(Self.key(3), content: 0, id: EventID(8), at: moment) == .new)
    }
}
