internal import Foundation
internal import Queries
internal import TimeSeries

/// A series over the whole time that was asked for, a few lines high: a step a bucket, and nothing where
/// there is none.
///
///      900 |        ****
///          |    ****
///       20 |****
///          +------------
///          2025-01-31T10:00:00Z      2025-01-31T11:00:00Z
struct Plot {
    private let points: [Point]
    private let range: TimeRange
    private let interval: Interval
    private let terminal: Terminal

    private struct Point {
        let start: Timestamp
        let value: Double
        /// As the server wrote it.
        let text: String
    }

    private static let height = 8
    /// Room for the times of both ends.
    private static let widthMin = 60

    /// - Returns: nil where no bucket has the field.
    init?(_ series: SeriesAnswer, _ field: String, _ ask: MetricAsk, _ terminal: Terminal) {
        points = series.rows.compactMap { row in
            guard let start = Timestamp(rfc3339: row.start), let text = row.numbers[field],
                let value = Double(text)
            else { return nil }
            return Point(start: start, value: value, text: text)
        }
        range = ask.query.range
        interval = ask.interval
        self.terminal = terminal
        if points.isEmpty { return nil }
    }

    var text: String {
        guard let top = points.max(by: { $0.value < $1.value }),
            let bottom = points.min(by: { $0.value < $1.value })
        else { return "" }
        // What is level runs through the middle, with one label.
        let labels =
            top.value > bottom.value
            ? [0: Self.label(top), Self.height - 1: Self.label(bottom)]
            : [Self.height / 2: Self.label(top)]
        let margin = labels.values.map(\.count).max() ?? 0
        let width = max(terminal.width, Self.widthMin) - margin - 2
        let curve = curve(width, from: bottom.value, to: top.value)
        var lines = curve.enumerated().map { place, line in
            let label = labels[place] ?? ""
            let spaces = String(repeating: " ", count: margin - label.count)
            return spaces + label + " " + edge + (line.isEmpty ? "" : terminal.tinted(line))
        }
        let indent = String(repeating: " ", count: margin + 1)
        lines.append(indent + corner + String(repeating: floor, count: width))
        lines.append(indent + timeLabels(width + 1))
        return lines.joined(separator: "\n") + "\n"
    }

    private var edge: String { terminal.hasUnicode ? "│" : "|" }
    private var corner: String { terminal.hasUnicode ? "└" : "+" }
    private var floor: String { terminal.hasUnicode ? "─" : "-" }

    private static func label(_ point: Point) -> String {
        point.text.count <= 10 ? point.text : String(format: "%.6g", point.value)
    }

    private func timeLabels(_ width: Int) -> String {
        let (from, to) = (Self.label(range.from), Self.label(range.to))
        return from + String(repeating: " ", count: max(1, width - from.count - to.count)) + to
    }

    private static func label(_ time: Timestamp) -> String { BucketRows.short(time.description) }
}

// MARK: The curve

extension Plot {
    private func curve(_ width: Int, from bottom: Double, to top: Double) -> [String] {
        var canvas = DotCanvas(
            width: width, height: Self.height, terminal.hasUnicode ? .braille : .ascii)
        var last: (columns: Range<Int>, row: Int)?
        for point in points {
            let columns = columns(of: point, canvas.columns)
            let share = top > bottom ? (point.value - bottom) / (top - bottom) : 0.5
            let row = Int(((1 - share) * Double(canvas.rows - 1)).rounded())
            for column in columns { canvas.fill(column: column, rows: row...row) }
            // Neighbours are joined; so are buckets that share a column.
            if let last, last.columns.upperBound >= columns.lowerBound {
                canvas.fill(
                    column: columns.lowerBound, rows: min(row, last.row)...max(row, last.row))
            }
            last = (columns, row)
        }
        return canvas.lines
    }

    /// Where a bucket stands: at least one column.
    private func columns(of point: Point, _ count: Int) -> Range<Int> {
        let length = Double(range.to.milliseconds - range.from.milliseconds)
        func column(_ time: Timestamp) -> Int {
            let offset = Double(time.milliseconds - range.from.milliseconds)
            return Int(min(max(offset / length, 0), 1) * Double(count))
        }
        let start = min(column(point.start), count - 1)
        let end = column(point.start.advanced(byMilliseconds: interval.milliseconds))
        return start..<max(end, start + 1)
    }
}
