import Foundation
import Rollup
import TestSupport
import TimeSeries

/// Senders of samples, and the user's catalogue.
struct RandomMeters {
    private let world: RandomLog.World
    private var random: SplitMix64
    private var readings: [String: Int] = [:]

    init(_ world: RandomLog.World, seed: UInt64) {
        self.world = world
        random = SplitMix64(seed: seed)
    }

    /// Sends a line of samples, or a catalogue.
    mutating func report(_ wire: inout RandomWire) {
        if random.isOnce(in: 12), world == .wild { return sendCatalogue(&wire) }
        let groups = (0..<Int.random(in: 1...3, using: &random)).map { _ in group(wire.now) }
        let tail = ",\"samples\":[\(groups.joined(separator: ","))]}"
        wire.send(",\"kind\":\"samples\"", at: nil, tail, from: wire.now)
    }

    private mutating func group(_ now: Int64) -> String {
        let metrics: [(name: String, kind: String)] = [
            ("load", "gauge"), ("bytes", "counter"), ("latency", "distribution"),
            ("tokens", "counter"), ("hook.latency", "distribution"), ("process.memory", "gauge"),
            // From here on the order of the lines is a part of the number.
            ("total", "counter"), ("fine", "gauge"), ("either", "gauge"), ("either", "counter"),
            ("fine", "distribution"),
        ]
        let metric = random.pick(world == .tidy ? metrics.prefix(6) : metrics[...])
        let isCumulative = metric.name == "total"
        let tags = tags()
        let points = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            "[\(time(now)),\(isCumulative ? reading(tags) : value(metric.kind))]"
        }
        let unit = random.isOnce(in: 3) ? ",\"unit\":\"ms\"" : ""
        let temporality = isCumulative ? ",\"temporality\":\"cumulative\"" : ""
        return #"{"metric":"\#(metric.name)","kind":"\#(metric.kind)""# + unit + temporality
            + ",\"tags\":\(tags),\"points\":[\(points.joined(separator: ","))]}"
    }

    private mutating func value(_ kind: String) -> String {
        guard kind != "gauge", random.isOnce(in: 5) else {
            return RandomNumber.token(using: &random)
        }
        return aggregate(from: kind == "counter" ? 0 : -2_000_000)
    }

    /// Mostly of late, sometimes out of order, at the same moment, long ago, or around 1970.
    private mutating func time(_ now: Int64) -> Int64 {
        switch random.next() % 12 {
        case 0: now - Int64.random(in: 0...200_000_000, using: &random)
        case 1: Int64.random(in: -4_000_000...4_000_000, using: &random)
        case 2: now / 180_000 * 180_000 - Int64.random(in: 0...1, using: &random)
        case 3...4: now / 30_000 * 30_000
        default: now - Int64.random(in: 0...5_000, using: &random)
        }
    }

    /// In any order and spelling.
    private mutating func tags() -> String {
        if random.isOnce(in: 40) { return #"{"overflow":"true"}"# }
        let host = random.pick(["a", "b", "\u{e9}", "e\u{301}", "c\"\u{1f}"])
        var tags = [("host", host), ("empty", "")]
        if random.isOnce(in: 3) { tags.append(("zone", random.pick(["1", "2"]))) }
        let texts = tags.shuffled(using: &random).map {
            RandomText.token($0, using: &random) + ":" + RandomText.token($1, using: &random)
        }
        return "{\(texts.joined(separator: ","))}"
    }

    /// Of a counter that rises, and now and then begins again.
    private mutating func reading(_ tags: String) -> String {
        if random.isOnce(in: 10) { return RandomNumber.token(using: &random) }
        let last = random.isOnce(in: 8) ? 0 : readings[tags] ?? 0
        readings[tags] = last + Int.random(in: 0...500, using: &random)
        return "\(readings[tags] ?? 0)"
    }

    /// Samples that were added up before: few with a sketch, so that a twin can tell their values.
    private mutating func aggregate(from lowest: Int128) -> String {
        let values = (0..<Int.random(in: 1...6, using: &random)).map { _ in
            Quantity(parts: Int128.random(in: lowest...9_000_000_000, using: &random))
        }
        let sum = Quantity(parts: values.reduce(0) { $0 + $1.parts })
        let parts: [(key: String, value: Quantity?)] = [
            ("sum", sum), ("min", values.min()), ("max", values.max()), ("last", values.last),
        ]
        var texts = parts.map { "\"\($0.key)\":\(($0.value ?? .zero).decimal())" }
        if values.count <= 3 { texts.append("\"sketch\":\"\(Self.sketch(values))\"") }
        return "{\"count\":\(values.count),\(texts.joined(separator: ","))}"
    }

    private static func sketch(_ values: [Quantity]) -> String {
        var sketch = Sketch()
        for value in values { sketch.add(value) }
        return Data(sketch.blob).base64EncodedString()
    }

    /// It declares a fine gauge, if that is not known as another by then, and counts ends of turns.
    private mutating func sendCatalogue(_ wire: inout RandomWire) {
        let fine = #"{"name":"fine","kind":"gauge","unit":"s","scale":9,"help":""}"#
        let turns =
            #"{"name":"turns","kind":"counter","unit":"1","scale":6,"help":"","source":{"type":"Stop","#
            + #""value":"one","tags":[{"key":"source_app","from":"source_app"}]}}"#
        let entries = random.pick([[fine, turns], [fine], [turns]]).joined(separator: ",")
        let tail = ",\"digest\":\"\",\"catalogue\":{\"format\":1,\"metrics\":[\(entries)]}}"
        wire.send(",\"kind\":\"catalogue\"", at: nil, tail, from: wire.now)
    }
}
