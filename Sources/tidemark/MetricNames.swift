internal import Catalogue
internal import Foundation
internal import Queries

/// The metrics that a source has: `GET /metrics/names`, read.
struct MetricNames: Decodable {
    struct Metric: Decodable {
        let name: String
        let kind: String
        let unit: String
        let help: String
        let series: Int
        /// How many values each tag has.
        let tags: [String: Int]
    }

    let metrics: [Metric]

    init(of source: any MetricSource) async throws {
        let bytes = try await source.names()
        guard let names = try? JSONDecoder().decode(MetricNames.self, from: Data(bytes)) else {
            throw CommandFailure(message: "the server's list of metrics cannot be read")
        }
        self = names
    }

    /// Those that one of the names stands for; all where there are none.
    func selected(by names: [String]) -> [Metric] {
        let patterns = names.map(MetricPattern.init)
        return patterns.isEmpty
            ? metrics : metrics.filter { metric in patterns.contains { $0.matches(metric.name) } }
    }

    /// - Throws: where one of the names stands for no metric at all.
    func require(_ names: [String]) throws(CommandFailure) {
        for name in names where selected(by: [name]).isEmpty && !Self.isBuiltin(name) {
            var hints = ["tidemark metrics lists all names"]
            if let near = nearest(to: name) { hints.insert("did you mean \(near)?", at: 0) }
            throw CommandFailure(
                message: "there is no metric \(Console.printable(name))", hints: hints)
        }
    }

    /// It may have no samples yet.
    private static func isBuiltin(_ name: String) -> Bool {
        let pattern = MetricPattern(name)
        return BuiltinMetric.allCases.contains { pattern.matches($0.definition.name) }
    }

    /// A name that was perhaps meant: two slips away at most, or one that goes on after what was given.
    private func nearest(to name: String) -> String? {
        let distances = metrics.map { (name: $0.name, slips: Self.slips($0.name, name)) }
        let near = distances.filter { $0.slips <= 2 }.min { $0.slips < $1.slips }
        return near?.name ?? metrics.first { $0.name.hasPrefix(name) }?.name
    }

    /// Letters to be put in, taken out or changed (Levenshtein's distance).
    private static func slips(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (line, letter) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (place, other) in right.enumerated() {
                let changed = diagonal + (letter == other ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(changed, diagonal + 1, row[place] + 1)
            }
        }
        return row[right.count]
    }
}
