internal import Rollup
internal import TimeSeries

/// Writes the rows of a series one after the other.
struct RowWriter {
    private let series: AnsweredSeries
    private let form: RowForm
    private let columns: [Column]
    private let now: Timestamp
    private let rowLengthMax: Int

    /// A field, found in a row without a search.
    private enum Column {
        case count, sum, avg, min, max, last, rate
        /// By its place among a row's quantiles; nil where it was not read.
        case quantile(Int?)

        init(_ field: BucketField, _ series: AnsweredSeries) {
            switch field {
            case .count: self = .count
            case .sum: self = .sum
            case .avg: self = .avg
            case .min: self = .min
            case .max: self = .max
            case .last: self = .last
            case .rate: self = .rate
            case .quantile(let quantile): self = .quantile(series.asked.firstIndex(of: quantile))
            }
        }
    }

    init(_ series: AnsweredSeries, _ fields: [BucketField], _ form: RowForm, now: Timestamp) {
        self.series = series
        self.form = form
        self.now = now
        columns = fields.map { Column($0, series) }
        let fieldLengthMax = Phrase.countMax + ByteCursor.decimalLengthMax
        rowLengthMax =
            form.head.count + Timestamp.rfc3339Length + form.startEnd.count
            + fields.count * fieldLengthMax + 2 * Phrase.countMax
    }

    /// So many rows stand in the processor's cache before they are appended.
    private static let rowsAtOnce = 128

    func append(to output: inout [UInt8]) {
        let rows = series.rows
        let length = Swift.min(rows.count, Self.rowsAtOnce) * rowLengthMax + ByteCursor.slack
        var text = [UInt8](repeating: 0, count: length)
        var start = StartText(form)
        for first in stride(from: 0, to: rows.count, by: Self.rowsAtOnce) {
            let places = first..<Swift.min(first + Self.rowsAtOnce, rows.count)
            let end = write(rows, places, &start, &text)
            output += text[..<end]
        }
    }

    private func write(
        _ rows: [AnsweredSeries.Row], _ places: Range<Int>, _ start: inout StartText,
        _ text: inout [UInt8]
    ) -> Int {
        var span = text.mutableSpan
        // Any bytes are a valid byte.
        var bytes = unsafe span.mutableBytes
        var cursor = ByteCursor()
        for place in places {
            start.put(rows[place].start, &cursor, &bytes)
            put(rows[place], &cursor, &bytes)
            if series.isOpen(rows[place], at: now) { cursor.put(form.open, &bytes) }
            cursor.put(form.end, &bytes)
        }
        return cursor.position
    }

    @inline(__always)
    private func put(
        _ row: AnsweredSeries.Row, _ cursor: inout ByteCursor, _ bytes: inout MutableRawSpan
    ) {
        guard let numbers = series.numbers(row) else {
            for place in columns.indices {
                cursor.put(form.fields[place], &bytes)
                cursor.put(form.null, &bytes)
            }
            return
        }
        for place in columns.indices {
            cursor.put(form.fields[place], &bytes)
            put(columns[place], numbers, row, &cursor, &bytes)
        }
    }

    @inline(__always)
    private func put(
        _ column: Column, _ numbers: BucketNumbers, _ row: AnsweredSeries.Row,
        _ cursor: inout ByteCursor, _ bytes: inout MutableRawSpan
    ) {
        let group = series.group
        let parts: Int128
        switch column {
        case .count:
            if numbers.count < 0 { cursor.put(UInt8(ascii: "-"), &bytes) }
            return cursor.put(whole: numbers.count.magnitude, &bytes)
        case .sum: parts = numbers.sum
        case .avg: parts = numbers.average.parts
        case .min: parts = numbers.min.parts
        case .max: parts = numbers.max.parts
        case .last: parts = numbers.last.parts
        case .rate:
            parts = numbers.rate(series.interval, kind: group.kind, scale: group.scale).parts
        case .quantile(let place):
            guard let place, let first = row.quantiles else {
                return cursor.put(form.null, &bytes)
            }
            parts = series.quantiles[first + place].parts
        }
        cursor.put(decimalOf: parts, group.scale, &bytes)
    }
}

/// The text before the fields of a row. From one bucket to the next as a rule only the minute changes.
private struct StartText {
    private let head: [UInt8]
    private let end: [UInt8]
    /// The start without its minute.
    private var hour = Int64.min
    private var words: [UInt64] = []
    private let count: Int
    private let minute: Int

    init(_ form: RowForm) {
        (head, end) = (form.head, form.startEnd)
        count = head.count + Timestamp.rfc3339Length + end.count
        minute = head.count + 14
    }

    @inline(__always)
    mutating func put(
        _ start: Timestamp, _ cursor: inout ByteCursor, _ bytes: inout MutableRawSpan
    ) {
        var rest = start.milliseconds % Interval.oneHour.milliseconds
        if rest < 0 { rest += Interval.oneHour.milliseconds }
        let minutes = rest / 60_000
        let hour = start.milliseconds &- minutes &* 60_000
        if hour != self.hour { read(hour) }
        let place = cursor.position
        cursor.put(words, count: count, &bytes)
        bytes.storeBytes(
            of: Digits.two(Int(minutes)).littleEndian, toByteOffset: place + minute,
            as: UInt16.self)
    }

    @inline(never)
    private mutating func read(_ hour: Int64) {
        self.hour = hour
        var text = head
        Timestamp(milliseconds: hour).appendRFC3339(to: &text)
        text += end
        words = stride(from: 0, to: text.count, by: 8).map {
            UInt64(lowestFirst: text[$0...].prefix(8))
        }
    }
}
