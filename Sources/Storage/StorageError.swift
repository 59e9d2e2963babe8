internal import GRDB

/// The store cannot do what it was asked.
public struct StorageError: Error, Sendable {
    /// Bounded: also a label for counting.
    public enum Code: String, CaseIterable, Sendable {
        case busy
        case noSpace = "no_space"
        case readOnly = "read_only"
        case permissionDenied = "permission_denied"
        case inputOutput = "input_output"
        /// The file is damaged, or no store of Tidemark's: remove it, and fold the log again.
        case corrupt
        /// Nothing was stored yet: the power failed, or its maker ended, while it was being made.
        case empty
        /// A newer version made it.
        case schemaTooNew = "schema_too_new"
        /// What is to be stored does not fit what is stored.
        case conflict
        /// A named limit of time is over.
        case tookTooLong = "took_too_long"
        case cancelled
        case other
    }

    public let code: Code
    /// What was being done: "store a flush".
    public let operation: String
    /// SQLite's own words; for the operator, never for a sender.
    public let detail: String

    init(_ code: Code, _ operation: String, _ detail: String) {
        self.code = code
        self.operation = operation
        self.detail = detail
    }

    /// From whatever was thrown within an access to the database.
    init(_ error: any Error, _ operation: String) {
        switch error {
        case let error as StorageError: self = error
        case let error as StorageFault: self.init(error.code, operation, error.detail)
        case let error as DatabaseError:
            self.init(Code(error), operation, "\(error.resultCode): \(error.message ?? "no words")")
        case is CancellationError: self.init(.cancelled, operation, "cancelled")
        case is RowDecodingError: self.init(.corrupt, operation, "a value of another type")
        default: self.init(.other, operation, "\(error)")
        }
    }
}

extension StorageError: CustomStringConvertible {
    public var description: String { "cannot \(operation): \(detail)" }
}

extension StorageError.Code {
    fileprivate init(_ error: DatabaseError) {
        self =
            switch error.extendedResultCode {
            case .SQLITE_IOERR_SHORT_READ: .corrupt
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: .corrupt
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            case .SQLITE_FULL: .noSpace
            case .SQLITE_READONLY: .readOnly
            case .SQLITE_PERM, .SQLITE_AUTH: .permissionDenied
            case .SQLITE_IOERR, .SQLITE_CANTOPEN: .inputOutput
            case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH: .conflict
            case .SQLITE_INTERRUPT, .SQLITE_ABORT: .cancelled
            default: .other
            }
    }
}

/// What is found within an access to the database; the access says what was being done.
struct StorageFault: Error {
    let code: StorageError.Code
    let detail: String

    init(_ code: StorageError.Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}
