internal import EventLine
internal import StrictJSON
internal import TimeSeries

/// Prints stored lines in the form that was asked for.
struct EventPrinter {
    private let format: Events.Format
    /// Columns only grow, so that rows that come later stay aligned.
    private var widths = [24, 12, 8, 18, 0]
    private var hasBegun = false

    init(_ format: Events.Format) {
        self.format = format
    }

    static func newestID(of lines: [[UInt8]]) -> EventID? {
        lines.lazy.compactMap { EventEnvelope.id(of: $0.span) }.max()
    }

    /// Prints rows, and before the first of them the header: who gets an error gets nothing else.
    mutating func print(_ lines: [[UInt8]]) throws {
        var output = hasBegun ? [] : header
        hasBegun = true
        for line in lines {
            switch format {
            case .ndjson:
                output += line + (line.last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")])
            case .csv: _ = EventCSV.append(line.span, to: &output)
            case .table: if let cells = Self.cells(line) { output += Array(row(cells).utf8) }
            }
        }
        try Console.write(output)
    }

    private var header: [UInt8] {
        mutating get {
            switch format {
            case .table: Array(row(["TIME", "APP", "SESSION", "TYPE", "TOOL"]).utf8)
            case .csv: EventCSV.header
            case .ndjson: []
            }
        }
    }

    private mutating func row(_ cells: [String]) -> String {
        for (column, cell) in cells.enumerated() {
            widths[column] = max(widths[column], cell.count)
        }
        return TextTable.line(cells, widths).trimmingTrailingSpaces + "\n"
    }

    private static func cells(_ line: [UInt8]) -> [String]? {
        guard let envelope = EventEnvelope(line.span) else { return nil }
        let tool = EventMembers(line.span, after: envelope)
            .flatMap { $0.string("tool_name", in: line.span) }
        return [
            envelope.timestamp.description, text(envelope.sourceApp, line),
            String(text(envelope.sessionID, line).prefix(8)), text(envelope.type, line),
            Console.printable(tool ?? ""),
        ]
    }

    private static func text(_ token: Range<Int>, _ line: [UInt8]) -> String {
        var bytes: [UInt8] = []
        JSONString.decode(token, in: line.span, appendingTo: &bytes)
        return Console.printable(String(decoding: bytes, as: UTF8.self))
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
