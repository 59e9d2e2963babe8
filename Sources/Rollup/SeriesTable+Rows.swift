public import TimeSeries

// MARK: Reading

extension SeriesTable {
    public subscript(series: SeriesID) -> SeriesRow {
        let state = states[Int(series.value)]
        return SeriesRow(
            series: series, key: keys.text(Int(series.value)), kind: state.form.kind,
            scale: state.form.scale, admission: state.admission, totals: state.totals)
    }

    public var rows: [SeriesRow] { states.map { self[$0.totals.series] } }

    public func series(of key: Span<UInt8>) -> SeriesID? {
        keys.number(of: key).map { states[$0].totals.series }
    }

    public func metric(named name: Span<UInt8>) -> Metric? {
        names.number(of: name).map { metrics[$0] }
    }
}

// MARK: Storing

extension SeriesTable {
    public var hasChanges: Bool { !(changed.isEmpty && admissions.isEmpty) }

    /// Hands over what changed since the last time, in the order of the series.
    public mutating func takeChanges() -> SeriesChanges {
        var changes = SeriesChanges()
        changes.added = states[firstAdded...].map { self[$0.totals.series] }
        changed.sort()
        for series in changed {
            states[Int(series.value)].isChanged = false
            guard series.value < firstAdded else { continue }
            changes.totals.append(states[Int(series.value)].totals)
        }
        changes.admissions = admissions
        firstAdded = states.count
        changed.removeAll(keepingCapacity: true)
        admissions.removeAll(keepingCapacity: true)
        return changes
    }
}

// MARK: Restoring

/// Why rows are not those of a series table.
public enum SeriesTableFault: Error, Equatable, Sendable {
    /// Numbers must be 0, 1, 2, …, and those of a row the same throughout.
    case wrongNumber(SeriesID)
    case wrongKey(SeriesID)
    case sameKey(SeriesID)
    /// Not the kind or scale of other series of its metric.
    case otherForm(SeriesID)
}

extension SeriesTable {
    /// The table as it was when its rows were stored.
    /// - Parameter rows: in the order of their numbers. More of them than the limits allow are kept, and
    ///   no more admitted.
    public init(
        restoring rows: [SeriesRow], limits: Limits = Limits(), hashSeed: UInt64 = 0
    ) throws(SeriesTableFault) {
        self.init(limits: limits, hashSeed: hashSeed)
        for row in rows { try restore(row) }
        firstAdded = states.count
    }

    private mutating func restore(_ row: SeriesRow) throws(SeriesTableFault) {
        let series = SeriesID(UInt32(states.count))
        guard row.series == series, row.admission.series == series, row.totals.series == series
        else { throw .wrongNumber(row.series) }
        guard (try? SeriesKey(canonical: row.key.span)) != nil else { throw .wrongKey(series) }
        guard keys.number(of: row.key.span) == nil else { throw .sameKey(series) }
        let name = row.key.span.extracting(0..<SeriesKey.nameLength(row.key.span))
        let form = MetricForm(kind: row.kind, scale: row.scale)
        let metric = names.number(of: name) ?? addMetric(name, form)
        guard metrics[metric].form == form else { throw .otherForm(series) }
        _ = keys.insert(row.key.span)
        add(row, to: metric)
    }

    private mutating func add(_ row: SeriesRow, to metric: Int) {
        let form = metrics[metric].form
        states.append(
            State(metric: metric, form: form, admission: row.admission, totals: row.totals))
        metrics[metric].series.append(row.series)
        if row.key.dropFirst(metrics[metric].name.utf8.count).elementsEqual(Self.overflowTags) {
            metrics[metric].overflow = row.series
        } else if row.admission.retiredAt == nil {
            metrics[metric].liveSeries += 1
        }
    }
}
