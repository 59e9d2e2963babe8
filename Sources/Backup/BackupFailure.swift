internal import Foundation

/// Why there is no backup, or nothing restored; for the operator.
public struct BackupFailure: Error, Equatable, Sendable {
    public let message: String
    public let hint: String

    init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }

    /// From `errno`.
    static func system(_ operation: String, _ path: String) -> BackupFailure {
        let words = POSIXErrorCode(rawValue: errno).map { POSIXError($0).localizedDescription }
        return BackupFailure(
            "cannot \(operation) \(path): \(words ?? "error \(errno)")",
            hint: "look at the disk, its room, and who may write there")
    }
}
