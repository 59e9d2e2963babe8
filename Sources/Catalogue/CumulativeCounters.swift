internal import TimeSeries

/// Turns the readings of counters that only ever rise into increases, once.
///
///     reading   10   14   14    3 (restarted)    8   (late: 12)
///     increase   –    4    0    3                5    passed over
///
/// The first reading of a series only sets the base. A reading below the last one means that the
/// counter began again from zero.
struct CumulativeCounters: Sendable {
    var table: AgingTable

    init(_ limits: LineObserver.Limits) {
        table = AgingTable(countMax: limits.cumulativeSeriesMax)
    }

    enum Reading {
        case increase(Quantity)
        case base
        case stale
    }

    /// - Parameter series: the hash of its canonical text.
    mutating func read(
        _ series: StableHash, _ value: Quantity, _ time: Timestamp, _ id: EventID
    ) -> Reading {
        let last = table.value(series)
        if let last, last.time >= time { return .stale }
        table.set(series, value.parts, id: id, time: time)
        guard let last else { return .base }
        let increase = value.parts >= last.value ? value.parts - last.value : value.parts
        return .increase(Quantity(parts: increase))
    }
}
