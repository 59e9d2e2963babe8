internal import EventIndex
internal import Folds
internal import Rollup
internal import Storage
internal import TimeSeries

extension Engine {
    func flushRegularly() async {
        while (try? await Task.sleep(for: .milliseconds(limits.flushMilliseconds))) != nil {
            await flush()
            // Off the way of commits. A WAL that cannot be moved now is moved later.
            _ = try? await store.tidy()
        }
    }

    /// Stores what was folded since the last time; folding goes on meanwhile. One at a time.
    ///
    /// What cannot be stored is kept and tried again: the log has it in any case.
    func flush() async {
        guard !isFlushing else { return }
        isFlushing = true
        defer { isFlushing = false }
        if unstored == nil, fold.position != storedPosition { freeze() }
        guard let flush = unstored else { return }
        do throws(StorageError) {
            let outcome = try await store.writer.commit(flush)
            samplesBelowFloor += outcome.samplesBelowFloor.values.reduce(0, +)
            storedPosition = FoldPosition(
                lastID: flush.checkpoint.lastID, clock: flush.checkpoint.time)
            if let last = flush.chapters.last { index.stored(through: last.lastID) }
            (unstored, frozen, storeFailure) = (nil, nil, nil)
        } catch {
            storeFailure = error
        }
    }

    private func freeze() {
        let changes = fold.takeChanges()
        let buckets = changes.buckets.batch()
        noteChanges(buckets)
        frozen = Frozen(position: changes.position, buckets: buckets)
        unstored = Flush(
            changes, buckets, logID: logID, lives: lifetimes.add(buckets), chapters: chapters)
        chapters = []
    }
}
