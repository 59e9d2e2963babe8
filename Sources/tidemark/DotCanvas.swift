/// A grid of dots that is shown as text: a letter a dot, or eight dots to a Braille character.
struct DotCanvas {
    enum Cell {
        case ascii, braille

        var columns: Int { self == .ascii ? 1 : 2 }
        var rows: Int { self == .ascii ? 1 : 4 }
    }

    let columns: Int
    let rows: Int
    private let cell: Cell
    /// Row after row, from the top.
    private var dots: [Bool]

    /// - Parameters:
    ///   - width: in characters.
    ///   - height: in lines.
    init(width: Int, height: Int, _ cell: Cell) {
        columns = width * cell.columns
        rows = height * cell.rows
        self.cell = cell
        dots = Array(repeating: false, count: columns * rows)
    }

    /// - Parameter rows: from the top.
    mutating func fill(column: Int, rows: ClosedRange<Int>) {
        for row in rows { dots[row * columns + column] = true }
    }

    /// Without spaces at the ends.
    var lines: [String] {
        stride(from: 0, to: rows, by: cell.rows).map { row in
            let letters = stride(from: 0, to: columns, by: cell.columns).map { letter(row, $0) }
            return String(String(String.UnicodeScalarView(letters)).trimmingSuffix(" "))
        }
    }

    private func letter(_ row: Int, _ column: Int) -> Unicode.Scalar {
        guard cell == .braille else { return isSet(row, column) ? "*" : " " }
        var pattern: UInt32 = 0
        for (bit, place) in Self.braillePlaces.enumerated()
        where isSet(row + place.row, column + place.column) {
            pattern |= 1 << UInt32(bit)
        }
        return pattern == 0 ? " " : Unicode.Scalar(0x2800 + pattern) ?? " "
    }

    /// Of each bit, from the lowest (Unicode, "Braille Patterns").
    private static let braillePlaces: [(row: Int, column: Int)] = [
        (0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1),
    ]

    private func isSet(_ row: Int, _ column: Int) -> Bool { dots[row * columns + column] }
}
