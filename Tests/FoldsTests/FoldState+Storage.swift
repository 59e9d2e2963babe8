import Catalogue
import Folds
import Rollup
import Storage
import TimeSeries

// How changes go into a store and come out of it again.

extension Flush {
    init(_ changes: FoldChanges) {
        self.init(
            checkpoint: Checkpoint(
                logID: "log", lastID: changes.position.lastID, time: changes.position.clock,
                foldVersion: Int64(Fold.version)))
        metrics = changes.observer.metrics.map { metric in
            MetricRow(
                name: metric.name, kind: metric.kind, scale: metric.scale, unit: metric.unit,
                tagKeys: metric.tagKeys, help: metric.help, firstSeenAt: changes.position.lastID)
        }
        series = changes.series
        minutes = changes.buckets.batch()
        state.removed = changes.observer.removed.map { StateRow.Key($0.row, $0.key) }
        state.written = changes.observer.written.map { StateRow($0) }
        if let catalogue = changes.observer.catalogue {
            state.written.append(StateRow(key: .catalogue, value: catalogue))
        }
    }
}

extension FoldState {
    init(_ stored: StoredFolds) {
        self.init(
            position: FoldPosition(
                lastID: stored.checkpoint?.lastID ?? .none,
                clock: stored.checkpoint?.time ?? Timestamp(milliseconds: 0)),
            series: stored.series)
        observer.metrics = stored.metrics.map { row in
            MetricDefinition(
                name: row.name, kind: row.kind, unit: row.unit, tagKeys: row.tagKeys,
                scale: row.scale, help: row.help)
        }
        observer.catalogue = stored.state.first { $0.key == .catalogue }?.value ?? []
        observer.entries = stored.state.compactMap { ObserverState.Entry($0) }
    }
}

extension StateRow.Key {
    fileprivate static let catalogue = StateRow.Key(kind: "catalogue", key: [])

    fileprivate init(_ row: ObserverRow, _ key: StableHash) {
        self.init(kind: "\(row.rawValue)", key: Array("\(key.high) \(key.low)".utf8))
    }
}

extension StateRow {
    fileprivate init(_ entry: ObserverState.Entry) {
        let value = "\(entry.order) \(entry.id.value) \(entry.time.milliseconds) \(entry.value)"
        self.init(key: Key(entry.row, entry.key), value: Array(value.utf8))
    }
}

extension ObserverState.Entry {
    /// - Returns: nil where the row is another one.
    fileprivate init?(_ row: StateRow) {
        guard let number = UInt8(row.key.kind), let kind = ObserverRow(rawValue: number) else {
            return nil
        }
        let key = Self.words(row.key.key).compactMap { UInt64($0) }
        let value = Self.words(row.value)
        guard key.count == 2, value.count == 4, let order = UInt64(value[0]),
            let id = UInt64(value[1]), let time = Int64(value[2]), let number = Int128(value[3])
        else { return nil }
        self.init(
            row: kind, key: StableHash(high: key[0], low: key[1]), order: order, id: EventID(id),
            time: Timestamp(milliseconds: time), value: number)
    }

    private static func words(_ bytes: [UInt8]) -> [Substring] {
        String(decoding: bytes, as: UTF8.self).split(separator: " ")
    }
}
