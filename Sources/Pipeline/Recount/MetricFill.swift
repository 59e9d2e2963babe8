internal import Catalogue
internal import EventIndex
internal import Folds
internal import Rollup
internal import Storage
internal import TimeSeries

/// A metric that was counted over lines which were stored before it was known.
///
/// The log does not say so, and a recount must do it again: so the store keeps it, as a row of state.
struct MetricFill: Equatable, Sendable {
    let metric: String
    /// Up to here lines were counted with these entries, whatever catalogue they had.
    let through: EventID
    /// As in a catalogue line; empty where there was none.
    let catalogue: [UInt8]

    init(metric: String, through: EventID, catalogue: [UInt8]) {
        self.metric = metric
        self.through = through
        self.catalogue = catalogue
    }

    /// All of a store, in the order of their metrics.
    static func all(_ folds: StoredFolds) throws(StateFault) -> [MetricFill] {
        var fills: [MetricFill] = []
        for row in folds.state where row.key.kind == StateRow.fillKind {
            fills.append(try MetricFill(row))
        }
        return fills
    }

    private init(_ row: StateRow) throws(StateFault) {
        var value = BytesReader(row.value)
        guard let through = value.next(UInt64.self) else { throw StateFault(kind: row.key.kind) }
        self.init(
            metric: String(decoding: row.key.key, as: UTF8.self), through: EventID(through),
            catalogue: value.remaining)
    }

    /// `through catalogue`, 8 bytes and the rest.
    var row: StateRow {
        var value = BytesWriter()
        value.append(through.value)
        value.append(contentsOf: catalogue)
        return StateRow(
            key: StateRow.Key(kind: StateRow.fillKind, key: Array(metric.utf8)),
            value: value.bytes)
    }

    /// How lines are counted for it.
    /// - Parameter folds: of the store; the kinds of its metrics are fixed.
    func plan(
        _ folds: StoredFolds, logID: String, _ limits: Fold.Limits
    ) throws -> Recount.Plan {
        Recount.Plan(
            logID: logID, start: try .knowing(folds, catalogue: catalogue, limits, index: nil),
            metric: metric, catalogueHeldThrough: through)
    }
}

extension StateRow {
    static let fillKind = "fill"

    /// The series that a row of `Lifetimes` is about.
    var lifeSeries: SeriesID? {
        guard key.kind == Self.lifeKind else { return nil }
        var reader = BytesReader(key.key)
        return reader.next(UInt32.self).map { SeriesID($0) }
    }
}

extension RestoredFold {
    /// Before the first line, but with metrics that are known and a catalogue that is in force.
    static func knowing(
        _ folds: StoredFolds, catalogue: [UInt8], _ limits: Fold.Limits,
        index: IndexBuilder? = IndexBuilder()
    ) throws -> RestoredFold {
        var state = FoldState(position: FoldPosition())
        state.observer.metrics = try FoldState(folds)?.observer.metrics ?? []
        state.observer.catalogue = catalogue
        return RestoredFold(
            fold: try Fold(
                limits: limits, hashSeed: .random(in: .min ... .max), restoring: state),
            lifetimes: Lifetimes(), floors: [:], index: index)
    }
}
