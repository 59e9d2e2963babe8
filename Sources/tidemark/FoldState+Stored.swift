internal import Catalogue
internal import Folds
internal import Rollup
internal import Storage
internal import TimeSeries

/// A row of a store's small state that is none.
struct StoredStateFault: Error {}

extension FoldState {
    /// What a store holds of the folds, as the server's engine writes it.
    init(_ stored: StoredFolds, _ checkpoint: Checkpoint) throws(StoredStateFault) {
        self.init(
            position: FoldPosition(lastID: checkpoint.lastID, clock: checkpoint.time),
            series: stored.series)
        observer.metrics = stored.metrics.map { row in
            MetricDefinition(
                name: row.name, kind: row.kind, unit: row.unit, tagKeys: row.tagKeys,
                scale: row.scale, help: row.help)
        }
        for row in stored.state {
            if row.key.kind == "catalogue" {
                observer.catalogue = row.value
            } else if let place = Self.entryKinds.firstIndex(of: row.key.kind),
                let kind = ObserverRow(rawValue: UInt8(place + 1))
            {
                observer.entries.append(try ObserverState.Entry(kind, row))
            }
        }
    }

    private static let entryKinds = [
        "tool_start", "tool_end", "permission_request", "permission_end", "counter",
    ]
}

extension ObserverState.Entry {
    /// Key: a hash of 16 bytes. Value: `order id time value`, 8, 8, 8 and 16 bytes. The most significant
    /// byte of each stands first.
    fileprivate init(_ kind: ObserverRow, _ row: StateRow) throws(StoredStateFault) {
        let (key, value) = (row.key.key, row.value)
        guard key.count == 16, value.count == 40 else { throw StoredStateFault() }
        self.init(
            row: kind,
            key: StableHash(high: UInt64(stored: key[0..<8]), low: UInt64(stored: key[8..<16])),
            order: UInt64(stored: value[0..<8]), id: EventID(UInt64(stored: value[8..<16])),
            time: Timestamp(milliseconds: Int64(stored: value[16..<24])),
            value: Int128(stored: value[24..<40]))
    }
}

extension FixedWidthInteger {
    fileprivate init(stored bytes: ArraySlice<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }
}
