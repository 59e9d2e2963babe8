/// Rows of text in aligned columns.
struct Table {
    /// Words to the left, numbers to the right, so that their digits stand under each other.
    enum Alignment { case left, right }

    private let alignment: [Alignment]
    private var rows: [[String]] = []

    init(alignment: [Alignment]) {
        self.alignment = alignment
    }

    mutating func add(_ row: [String]) {
        precondition(row.count == alignment.count, "BUG: a row of another table")
        rows.append(row)
    }

    var text: String {
        let widths = alignment.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { line($0, widths) }.joined(separator: "\n")
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        row.indices.map { column in
            let padding = String(repeating: " ", count: widths[column] - row[column].count)
            return alignment[column] == .left ? row[column] + padding : padding + row[column]
        }.joined(separator: "  ")
    }
}
