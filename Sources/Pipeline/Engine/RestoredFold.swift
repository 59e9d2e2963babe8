internal import EventIndex
internal import Folds
internal import Rollup
internal import Storage
internal import TimeSeries

/// What a store holds of the folds, brought back to life.
struct RestoredFold: Sendable {
    let fold: Fold
    let lifetimes: Lifetimes
    let floors: [Interval: Timestamp]
    /// Nil where no event is to be found by what is folded.
    let index: IndexBuilder?

    /// Why what is stored cannot be gone on from: it must be made anew from the log.
    enum Staleness: Error, CustomStringConvertible {
        case otherLog
        case otherFoldVersion(Int64)
        /// It covers lines that the log does not have: another folder's, or an older copy's.
        case aheadOfLog
        case damaged(String)

        var description: String {
            switch self {
            case .otherLog: "it is another log's"
            case .otherFoldVersion(let version): "it was made by fold version \(version)"
            case .aheadOfLog: "it covers lines that the log does not have"
            case .damaged: "its state is damaged"
            }
        }
    }

    /// The same for who finds no event by it.
    var withoutIndex: RestoredFold {
        RestoredFold(fold: fold, lifetimes: lifetimes, floors: floors, index: nil)
    }

    /// Before the first line.
    static func empty(_ limits: Fold.Limits) -> RestoredFold {
        RestoredFold(
            fold: Fold(limits: limits, hashSeed: .random(in: .min ... .max)),
            lifetimes: Lifetimes(), floors: [:], index: IndexBuilder())
    }

    static func restored(
        _ stored: StoredFolds, logID: String, lastID: EventID, _ limits: Fold.Limits
    ) throws(Staleness) -> RestoredFold {
        guard let checkpoint = stored.checkpoint else { return .empty(limits) }
        guard checkpoint.logID == logID else { throw .otherLog }
        guard checkpoint.foldVersion == Int64(Fold.version) else {
            throw .otherFoldVersion(checkpoint.foldVersion)
        }
        guard checkpoint.lastID <= lastID else { throw .aheadOfLog }
        guard stored.indexEnd?.lastID ?? .none <= checkpoint.lastID else {
            throw .damaged("the event index is ahead of the checkpoint")
        }
        do {
            let state = try FoldState(stored) ?? FoldState(position: FoldPosition())
            return RestoredFold(
                fold: try Fold(
                    limits: limits, hashSeed: .random(in: .min ... .max), restoring: state),
                lifetimes: try Lifetimes(stored.state), floors: stored.floors,
                index: IndexBuilder(after: stored.indexEnd))
        } catch {
            throw .damaged("\(error)")
        }
    }
}
