/// The buckets of a series as aligned lines, their numbers at the right.
struct BucketRows {
    private let header: [String]
    private let rows: [(cells: [String], isOpen: Bool)]

    init(_ series: SeriesAnswer, fields: [String]) {
        header = ["START"] + fields.map { $0.uppercased() }
        rows = series.rows.map { row in
            (
                [Self.short(row.start)] + fields.map { row.numbers[$0] ?? "-" },
                row.isOpen
            )
        }
    }

    var text: String {
        let widths = header.indices.map { column in
            rows.reduce(header[column].count) { max($0, $1.cells[column].count) }
        }
        var text = Self.line(header, widths) + "\n"
        for row in rows {
            text += Self.line(row.cells, widths) + (row.isOpen ? "  open" : "") + "\n"
        }
        return text
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        zip(cells, widths).enumerated().map { column, cell in
            let spaces = String(repeating: " ", count: cell.1 - cell.0.count)
            return column == 0 ? cell.0 + spaces : spaces + cell.0
        }.joined(separator: "  ")
    }

    /// Buckets start with a minute: their milliseconds say nothing.
    static func short(_ start: String) -> String { start.replacing(".000Z", with: "Z") }
}
