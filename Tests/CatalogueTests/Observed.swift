import Catalogue
import TimeSeries

/// An observation as a test writes it: `tool.calls{"source_app":"web"} 1 @250`.
struct Observed: Hashable, CustomStringConvertible {
    var series: String
    var value: String
    /// Milliseconds since the start of sample lines.
    var time: Int64

    init(_ series: String, _ value: String, at time: Int64 = 0) {
        self.series = series
        self.value = value
        self.time = time
    }

    var description: String { "\(series) \(value) @\(time)" }
}

extension ObservationBatch {
    /// Every item that is no aggregate, as text.
    func observed(_ metrics: MetricTable) -> [Observed] {
        items.map { item in
            Observed(
                String(decoding: keys[item.key], as: UTF8.self),
                item.value.decimal(scale: metrics.scale(item.metric)),
                at: item.time.milliseconds - SampleLine.start)
        }
    }
}

extension LineObserver {
    mutating func observe(_ line: String) -> [Observed] {
        var batch = ObservationBatch()
        let bytes = Array(line.utf8)
        observe(bytes.span, into: &batch)
        for item in batch.items {
            precondition(metrics.kind(item.metric) == item.kind, "an item has another kind")
            precondition(
                String(decoding: batch.keys[item.key], as: UTF8.self)
                    .hasPrefix(metrics[item.metric].name + "{"), "an item has another metric")
        }
        return batch.observed(metrics)
    }

    mutating func observe(_ lines: [SampleLine]) -> [Observed] {
        lines.flatMap { observe($0.text) }
    }
}

/// What one line gives, by a new observer.
func observed(_ line: SampleLine) -> [Observed] {
    var observer = LineObserver()
    return observer.observe(line.text)
}

/// Only those of one metric.
func observed(_ metric: String, _ lines: [SampleLine]) -> [Observed] {
    var observer = LineObserver()
    return observer.observe(lines).filter { $0.series.hasPrefix(metric + "{") }
}
