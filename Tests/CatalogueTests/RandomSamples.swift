import Catalogue
import TestSupport
import TimeSeries

/// Lines of samples and catalogues with few different values.
enum RandomSamples {
    static func line(id: UInt64, using random: inout SplitMix64) -> String {
        var lines = SampleLines()
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let kind = random.pick(MetricKind.allCases)
            let isCumulative = kind == .counter && !random.isOnce(in: 3)
            let series = SeriesKey(
                metric: "m\(Int.random(in: 0..<6, using: &random))",
                tags: [.init("t", "\(Int.random(in: 0..<3, using: &random))")])
            let value = Quantity(parts: Int128(Int64.random(in: -5...50, using: &random)) * 100_000)
            let time = Timestamp(
                milliseconds: SampleLine.start + Int64.random(in: 0..<5_000, using: &random))
            lines.append(series, kind, isCumulative: isCumulative, unit: "By", value, at: time)
        }
        return lines.texts(firstID: id)[0]
    }

    static func catalogue(id: UInt64, using random: inout SplitMix64) -> String {
        let catalogue = UserCatalogue(
            metrics: (0..<Int.random(in: 0...3, using: &random)).map { _ in
                UserMetric(
                    name: "m\(Int.random(in: 0..<8, using: &random))",
                    kind: random.pick(MetricKind.allCases),
                    scale: random.isOnce(in: 4) ? .billionths : .millionths,
                    source: UserMetric.Source(
                        type: random.pick(["PreToolUse", "PostToolUse", "Other"]),
                        value: random.isOnce(in: 2)
                            ? .one : .number(DataPath(keys: ["duration_ms"])!),
                        tags: [.init("tool", from: .data(DataPath(keys: ["tool_name"])!))]))
            })
        return catalogue.line(id: id)
    }
}

extension SampleLines {
    /// The finished lines, with ids one after the other.
    func texts(firstID: UInt64 = 1) -> [String] {
        var copy = self
        copy.finish()
        return copy.lines.enumerated().map { index, line in
            var output: [UInt8] = []
            FoldLineParts.appendLine(
                id: EventID(firstID + UInt64(index)),
                serverTime: Timestamp(milliseconds: SampleLine.start), head: line.head,
                tail: line.tail, of: copy.bytes.span, to: &output)
            return String(decoding: output, as: UTF8.self)
        }
    }
}

extension UserCatalogue {
    func line(id: UInt64 = 1) -> String {
        var parts: [UInt8] = []
        let (head, tail) = appendLineParts(to: &parts)
        var output: [UInt8] = []
        FoldLineParts.appendLine(
            id: EventID(id), serverTime: Timestamp(milliseconds: SampleLine.start), head: head,
            tail: tail, of: parts.span, to: &output)
        return String(decoding: output, as: UTF8.self)
    }
}
