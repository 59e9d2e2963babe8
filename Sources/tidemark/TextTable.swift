/// Aligned columns, as wide as their widest cell.
struct TextTable {
    private var rows: [[String]]

    init(_ header: [String]) {
        rows = [header]
    }

    mutating func append(_ row: [String]) {
        rows.append(row)
    }

    var text: String {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { Self.line($0, widths) }.joined(separator: "\n")
    }

    /// The last column is not filled up: no spaces at a line's end.
    static func line(_ cells: [String], _ widths: [Int]) -> String {
        zip(cells, widths).enumerated().map { column, cell in
            column == cells.count - 1 ? cell.0 : pad(cell.0, to: cell.1)
        }.joined(separator: "  ")
    }

    private static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
