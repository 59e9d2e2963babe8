internal import EventLog
internal import Storage

/// Why retention has not done its work, or not all of it.
public struct RetentionFailure: Error, Sendable, CustomStringConvertible {
    /// Whether another one is at work.
    public let isBusy: Bool
    /// For the operator, never for a sender.
    public let description: String

    init(_ description: String, isBusy: Bool = false) {
        (self.description, self.isBusy) = (description, isBusy)
    }

    init(_ error: any Error) {
        switch error {
        case let failure as RetentionFailure: self = failure
        case let error as LogError: self.init(error.description)
        case let error as StorageError: self.init(error.description)
        case is CancellationError: self.init("it was given up")
        default: self.init("\(error)")
        }
    }
}
