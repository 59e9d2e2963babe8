/// What `tidemark top` knows, second by second, and how it is shown. It reads no clock and no terminal.
struct TopPicture: Sendable {
    struct Tool: Sendable {
        let name: String
        let app: String
        let calls: Double
        /// Milliseconds.
        let p95: Double?
    }

    struct KPI: Sendable {
        let name: String
        let status: String
        let value: String
    }

    /// How many came in each of the last seconds.
    private struct Rate: Sendable {
        private var seconds = [Int](repeating: 0, count: TopPicture.secondsKept)
        private(set) var newest: Int64 = .min

        mutating func add(at second: Int64) {
            advance(to: second)
            seconds[Int(second % Int64(seconds.count))] += 1
        }

        mutating func advance(to second: Int64) {
            guard second > newest else { return }
            let passed = newest == .min ? Int64(seconds.count) : second - newest
            for back in 0..<min(passed, Int64(seconds.count)) {
                seconds[Int((second - back) % Int64(seconds.count))] = 0
            }
            newest = second
        }

        /// Of whole seconds before this one.
        func perSecond(over count: Int, at second: Int64) -> Double {
            var copy = self
            copy.advance(to: second)
            let sum = (1...Int64(count)).reduce(0) { sum, back in
                sum + copy.seconds[Int((second - back) % Int64(seconds.count))]
            }
            return Double(sum) / Double(count)
        }
    }

    private struct App: Sendable {
        var rate = Rate()
        var lastType = ""
    }

    private static let secondsKept = 64
    /// Further apps are counted in the sum alone.
    private static let appsMax = 1_000

    var tools: [Tool] = []
    var kpis: [KPI] = []
    /// What is wrong with the connection.
    var trouble: String?
    private var total = Rate()
    private var apps: [String: App] = [:]

    /// An event that came.
    mutating func add(app: String, type: String, at second: Int64) {
        total.add(at: second)
        guard apps[app] != nil || apps.count < Self.appsMax else { return }
        apps[app, default: App()].rate.add(at: second)
        apps[app]?.lastType = type
    }
}

// MARK: Lines

extension TopPicture {
    /// A line with what it says of itself.
    struct Line: Equatable, Sendable {
        enum Mood: Equatable, Sendable { case plain, title, good, off, alert, critical }

        var text: String
        var mood = Mood.plain
    }

    /// - Parameter second: now.
    func lines(width: Int, height: Int, at second: Int64) -> [Line] {
        var lines = [headline(second)]
        lines += section("KPIs", kpiRows, room: max(3, height / 3))
        let rest = max(0, height - lines.count)
        let appLines = section("Apps", appRows(second), room: rest - min(rest / 2, tools.count + 2))
        lines += appLines
        lines += section("Slowest tools, 5 minutes", toolRows, room: height - lines.count)
        return lines.prefix(height).map { line in
            Line(text: String(line.text.prefix(width)), mood: line.mood)
        }
    }

    private func headline(_ second: Int64) -> Line {
        let rates = [1, 10, 60].map { count in
            "\(Self.text(total.perSecond(over: count, at: second))) (\(count) s)"
        }
        let end = trouble.map { "  \($0)" } ?? ""
        return Line(
            text: "events a second: " + rates.joined(separator: "  ") + end,
            mood: trouble == nil ? .title : .critical)
    }

    private func section(_ title: String, _ rows: [(cells: [String], mood: Line.Mood)], room: Int)
        -> [Line]
    {
        guard room > 2, rows.count > 1 else { return [] }
        let shown = rows.prefix(room - 2)
        let widths = shown[0].cells.indices.map { column in
            shown.map { $0.cells[column].count }.max() ?? 0
        }
        return [Line(text: ""), Line(text: title, mood: .title)]
            + shown.map { Line(text: TextTable.line($0.cells, widths), mood: $0.mood) }
    }

    private var kpiRows: [(cells: [String], mood: Line.Mood)] {
        [(["kpi", "status", "value"], .plain)]
            + kpis.map { kpi in
                let mood: Line.Mood =
                    switch kpi.status {
                    case "on_target": .good
                    case "off_target": .off
                    case "alert": .alert
                    case "critical": .critical
                    default: .plain
                    }
                return ([kpi.name, kpi.status.replacing("_", with: " "), kpi.value], mood)
            }
    }

    private func appRows(_ second: Int64) -> [(cells: [String], mood: Line.Mood)] {
        let rows = apps.map { name, app in
            (name, app, app.rate.perSecond(over: 60, at: second))
        }
        .sorted { ($1.2, $0.0) < ($0.2, $1.0) }
        return [(["app", "1 s", "10 s", "60 s", "last"], .plain)]
            + rows.map { name, app, minute in
                let cells =
                    [Console.printable(name)]
                    + [1, 10].map { Self.text(app.rate.perSecond(over: $0, at: second)) }
                    + [Self.text(minute), Console.printable(app.lastType)]
                return (cells, .plain)
            }
    }

    private var toolRows: [(cells: [String], mood: Line.Mood)] {
        [(["tool", "app", "p95 ms", "calls"], .plain)]
            + tools.sorted { $0.p95 ?? 0 > $1.p95 ?? 0 }.map { tool in
                let cells = [
                    Console.printable(tool.name), Console.printable(tool.app),
                    tool.p95.map(Self.text) ?? "-", Self.text(tool.calls),
                ]
                return (cells, .plain)
            }
    }

    /// One digit after the point, where it says something.
    private static func text(_ number: Double) -> String {
        let tenths = (number * 10).rounded()
        guard tenths < 1e15 else { return "\(number)" }
        let (whole, rest) = Int(tenths).quotientAndRemainder(dividingBy: 10)
        return rest == 0 || whole >= 100 ? "\(whole)" : "\(whole).\(rest)"
    }
}
