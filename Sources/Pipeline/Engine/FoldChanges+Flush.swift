internal import Catalogue
internal import EventIndex
public import Folds
internal import Rollup
public import Storage
internal import TimeSeries

extension Flush {
    /// What folding has changed, as the store takes it.
    init(
        _ changes: FoldChanges, _ minutes: BucketBatch, logID: String, lives: [StateRow],
        chapters: [IndexChapter]
    ) {
        self.init(
            checkpoint: Checkpoint(
                logID: logID, lastID: changes.position.lastID, time: changes.position.clock,
                foldVersion: Int64(Fold.version)))
        metrics = changes.observer.metrics.map {
            MetricRow($0, firstSeenAt: changes.position.lastID)
        }
        series = changes.series
        self.minutes = minutes
        self.chapters = chapters
        state.removed = changes.observer.removed.map { StateRow.Key($0.row, $0.key) }
        state.written = changes.observer.written.map { StateRow($0) } + lives
        if let catalogue = changes.observer.catalogue {
            state.written.append(StateRow(key: .catalogue, value: catalogue))
        }
    }
}

extension FoldState {
    /// What a store holds of the folds.
    /// - Returns: nil where nothing was stored yet.
    /// - Throws: where the rows are not such as `Flush` writes.
    public init?(_ stored: StoredFolds) throws(StateFault) {
        guard let checkpoint = stored.checkpoint else { return nil }
        self.init(
            position: FoldPosition(lastID: checkpoint.lastID, clock: checkpoint.time),
            series: stored.series)
        observer.metrics = stored.metrics.map { MetricDefinition($0) }
        for row in stored.state {
            if row.key == .catalogue {
                observer.catalogue = row.value
            } else if let kind = ObserverRow(stateKind: row.key.kind) {
                observer.entries.append(try ObserverState.Entry(kind, row))
            }
        }
    }
}

/// A row of a fold's state that is none.
public struct StateFault: Error {
    let kind: String
}

extension MetricRow {
    fileprivate init(_ definition: MetricDefinition, firstSeenAt id: EventID) {
        self.init(
            name: definition.name, kind: definition.kind, scale: definition.scale,
            unit: definition.unit, tagKeys: definition.tagKeys, help: definition.help,
            firstSeenAt: id)
    }
}

extension MetricDefinition {
    fileprivate init(_ row: MetricRow) {
        self.init(
            name: row.name, kind: row.kind, unit: row.unit, tagKeys: row.tagKeys,
            scale: row.scale, help: row.help)
    }
}

// MARK: Rows of the observer

extension StateRow.Key {
    static let catalogue = StateRow.Key(kind: "catalogue", key: [])

    fileprivate init(_ row: ObserverRow, _ key: StableHash) {
        var bytes = BytesWriter()
        bytes.append(key.high)
        bytes.append(key.low)
        self.init(kind: row.stateKind, key: bytes.bytes)
    }
}

extension ObserverRow {
    private static let kinds = [
        "tool_start", "tool_end", "permission_request", "permission_end", "counter",
    ]

    fileprivate var stateKind: String { Self.kinds[Int(rawValue) - 1] }

    fileprivate init?(stateKind kind: String) {
        guard let place = Self.kinds.firstIndex(of: kind) else { return nil }
        self.init(rawValue: UInt8(place + 1))
    }
}

extension StateRow {
    /// `order id time value`, 8, 8, 8 and 16 bytes, the most significant first.
    fileprivate init(_ entry: ObserverState.Entry) {
        var bytes = BytesWriter()
        bytes.append(entry.order)
        bytes.append(entry.id.value)
        bytes.append(entry.time.milliseconds)
        bytes.append(entry.value)
        self.init(key: Key(entry.row, entry.key), value: bytes.bytes)
    }
}

extension ObserverState.Entry {
    fileprivate init(_ kind: ObserverRow, _ row: StateRow) throws(StateFault) {
        var key = BytesReader(row.key.key)
        var value = BytesReader(row.value)
        guard let high = key.next(UInt64.self), let low = key.next(UInt64.self), key.isAtEnd,
            let order = value.next(UInt64.self), let id = value.next(UInt64.self),
            let time = value.next(Int64.self), let number = value.next(Int128.self), value.isAtEnd
        else { throw StateFault(kind: row.key.kind) }
        self.init(
            row: kind, key: StableHash(high: high, low: low), order: order, id: EventID(id),
            time: Timestamp(milliseconds: time), value: number)
    }
}
