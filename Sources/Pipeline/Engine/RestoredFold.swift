internal import Folds
internal import Rollup
internal import Storage

/// What a store holds of the folds, brought back to life.
struct RestoredFold: Sendable {
    let fold: Fold
    let lifetimes: Lifetimes

    /// Why what is stored cannot be gone on from: it must be made anew from the log.
    enum Staleness: Error {
        case otherLog
        case otherFoldVersion(Int64)
        /// It covers lines that the log does not have: another folder's, or an older copy's.
        case aheadOfLog
        case damaged(String)
    }

    init(_ limits: Fold.Limits) {
        fold = Fold(limits: limits, hashSeed: .random(in: .min ... .max))
        lifetimes = Lifetimes()
    }

    init(
        _ stored: StoredFolds, logID: String, lastID: EventID, _ limits: Fold.Limits
    ) throws(Staleness) {
        guard let checkpoint = stored.checkpoint else {
            self.init(limits)
            return
        }
        guard checkpoint.logID == logID else { throw .otherLog }
        guard checkpoint.foldVersion == Int64(Fold.version) else {
            throw .otherFoldVersion(checkpoint.foldVersion)
        }
        guard checkpoint.lastID <= lastID else { throw .aheadOfLog }
        do {
            fold = try Fold(
                limits: limits, hashSeed: .random(in: .min ... .max),
                restoring: try FoldState(stored) ?? FoldState(position: FoldPosition()))
            lifetimes = try Lifetimes(stored.state)
        } catch {
            throw .damaged("\(error)")
        }
    }
}
