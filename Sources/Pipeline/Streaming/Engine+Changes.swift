internal import Folds
internal import Queries
internal import Rollup
internal import TimeSeries

/// A minute of a series in which something was counted.
struct ChangedMinute: Hashable, Sendable {
    let series: SeriesID
    let start: Timestamp
}

extension Engine {
    func watchChanges() { if changedMinutes == nil { changedMinutes = [] } }
    func forgetChanges() { changedMinutes = nil }

    /// Minutes that have changed since the last time, while somebody watches.
    ///
    /// What is not stored yet is told again each time until it is: that is a second as a rule.
    func takeChanges() -> Set<ChangedMinute> {
        var changed = changedMinutes ?? []
        changedMinutes = []
        for minute in fold.buckets.minutes {
            changed.insert(ChangedMinute(series: minute.series, start: minute.start))
        }
        return changed
    }

    /// Called with what goes to the store.
    func noteChanges(_ buckets: BucketBatch) {
        guard changedMinutes != nil else { return }
        for entry in buckets.entries {
            changedMinutes?.insert(ChangedMinute(series: entry.series, start: entry.start))
        }
    }

    /// What some series hold now, as far as it is counted.
    /// - Parameter series: nil for all.
    func inquiry(_ query: MetricQuery, of series: Set<SeriesID>?) -> Inquiry {
        let known = series.map { $0.map { directory.series[Int($0.value)] } } ?? directory.series
        let groups = query.groups(of: known)
        return Inquiry(
            query: query, groups: groups, memory: memory(of: groups, query),
            floor: floors[query.interval])
    }
}
