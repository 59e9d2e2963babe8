internal import EventLog
internal import Folds
internal import Storage

/// Why there is no recount, or no use of one.
public struct RecountRefusal: Error, Sendable {
    public enum Code: String, Sendable {
        case noDataFolder = "no_data_folder"
        case locked
        case noStore = "no_store"
        case damagedStore = "damaged_store"
        case otherLog = "other_log"
        case otherFoldVersion = "other_fold_version"
        case storeTooNew = "store_too_new"
        case storeInUse = "store_in_use"
        case logRemoved = "log_removed"
        case unknownMetric = "unknown_metric"
        case failed
        case cancelled
    }

    public let code: Code
    /// For the operator, never for a sender.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether what stops the recount is itself what one looks for.
    public var isFault: Bool { code == .damagedStore || code == .otherLog }

    public var hint: String {
        switch code {
        case .noDataFolder: "a data folder holds log/; name it with --data"
        case .locked: "stop that process first, or choose another folder with --data"
        case .noStore, .damagedStore, .otherLog: "tidemark rebuild counts the log anew"
        case .otherFoldVersion: "the next start of the server counts the log anew"
        case .storeTooNew: "use the newer tidemark that wrote it"
        case .storeInUse: "end what reads derived.sqlite, then try again"
        case .unknownMetric: "without --metric, all metrics are counted anew"
        case .failed: "look at the disk: is there room in the data folder and for temporary files?"
        case .logRemoved, .cancelled: "try again"
        }
    }
}

extension RecountRefusal {
    init(_ error: any Error) {
        switch error {
        case let refusal as RecountRefusal: self = refusal
        case let error as LogError:
            self.init(error.code == .locked ? .locked : .failed, error.description)
        case let error as StorageError: self.init(error)
        case is CancellationError: self.init(.cancelled, "it was given up")
        default: self.init(.failed, "\(error)")
        }
    }

    private init(_ error: StorageError) {
        switch error.code {
        case .corrupt:
            self.init(.damagedStore, "\(DerivedStore.fileName) is damaged: \(error.detail)")
        case .empty:
            self.init(.noStore, "\(DerivedStore.fileName) is empty: nothing is counted yet")
        case .schemaTooNew: self.init(.storeTooNew, error.description)
        case .cancelled: self.init(.cancelled, "it was given up")
        default: self.init(.failed, error.description)
        }
    }

    static func otherFoldVersion(_ version: Int64) -> RecountRefusal {
        RecountRefusal(
            .otherFoldVersion,
            "\(DerivedStore.fileName) was made by fold version \(version), this is \(Fold.version)")
    }

    static let otherLog = RecountRefusal(
        .otherLog, "\(DerivedStore.fileName) is another log's")
}
