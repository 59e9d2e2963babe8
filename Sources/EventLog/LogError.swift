internal import Glibc

/// The disk or the data folder failed.
public struct LogError: Error, Sendable {
    /// Bounded: also a label for counting.
    public enum Code: String, Sendable {
        case noSpace = "no_space"
        case readOnly = "read_only"
        case permissionDenied = "permission_denied"
        case inputOutput = "input_output"
        case locked
        case formatTooNew = "format_too_new"
        case missing
        case other
    }

    public let code: Code
    /// What was being done: "append to the log".
    public let operation: String
    /// The system's own words and the file; for the operator, never for a sender.
    public let detail: String

    init(_ code: Code, _ operation: String, _ detail: String) {
        self.code = code
        self.operation = operation
        self.detail = detail
    }

    /// From `errno`.
    init(errno number: Int32, _ operation: String, _ path: String) {
        code =
            switch number {
            case ENOSPC, EDQUOT: .noSpace
            case EROFS: .readOnly
            case EACCES, EPERM: .permissionDenied
            case EIO: .inputOutput
            case ENOENT: .missing
            default: .other
            }
        self.operation = operation
        detail = "\(path): \(Self.words(for: number))"
    }

    private static func words(for number: Int32) -> String {
        guard let words = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: words)
    }
}

extension LogError: CustomStringConvertible {
    public var description: String { "cannot \(operation): \(detail)" }
}
