internal import Catalogue
internal import Rollup
internal import Storage
internal import TimeSeries

/// What the folds remember, row by row, as text that can be compared and shown. Lifetimes are left to
/// their series.
struct StateRows {
    private(set) var rows: [String: String] = [:]

    init(_ folds: StoredFolds) {
        rows["clock"] = folds.checkpoint?.time.description
        // Which flush was the first to store a metric is chance: `firstSeenAt` is left out.
        for metric in folds.metrics {
            rows["metric \(metric.name)"] =
                "\(metric.kind.rawValue), scale \(metric.scale.digits), unit \(metric.unit), "
                + "tags \(metric.tagKeys), help \(metric.help)"
        }
        let others = folds.state.filter { !Self.isElsewhere($0.key.kind) }
        for (kind, rows) in Dictionary(grouping: others, by: \.key.kind) {
            if kind == StateRow.Key.catalogue.kind {
                add(catalogue: rows)
            } else {
                add(entries: rows, kind)
            }
        }
    }

    private static func isElsewhere(_ kind: String) -> Bool {
        kind == StateRow.lifeKind || kind == StateRow.fillKind
    }

    private mutating func add(catalogue rows: [StateRow]) {
        for row in rows { self.rows["catalogue"] = String(decoding: row.value, as: UTF8.self) }
    }

    /// A restart begins the numbers of their order anew from the highest that is left, so only who comes
    /// after whom is compared: by line, and within a line.
    private mutating func add(entries rows: [StateRow], _ kind: String) {
        let ordered = rows.map { ($0, BytesReader($0.value)) }.map { row, reader in
            var reader = reader
            return (order: reader.next(UInt64.self) ?? 0, row: row, rest: reader)
        }.sorted { $0.order < $1.order }
        var (line, place) = (UInt64(0), 0)
        for entry in ordered {
            var rest = entry.rest
            let key = entry.row.key.key.map(Self.hex).joined()
            guard let id = rest.next(UInt64.self), let time = rest.next(Int64.self),
                let value = rest.next(Int128.self), rest.isAtEnd
            else {
                self.rows["\(kind) \(key)"] = "damaged"
                continue
            }
            place = id == line ? place + 1 : 1
            self.rows["\(kind) \(key)"] =
                "\(id < line ? "out of order, " : "")of line \(id), number \(place) of it, "
                + "at \(Timestamp(milliseconds: time)), value \(value)"
            line = max(line, id)
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
