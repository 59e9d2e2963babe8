import Glibc

/// The test's own files failed it: a fault of the machine or of the set-up, not of what is tested.
public struct FaultSupportError: Error, Sendable, CustomStringConvertible {
    public let operation: String
    public let path: String
    public let reason: String

    public var description: String {
        "cannot \(operation) \(path): \(reason)"
    }

    static func last(_ operation: String, _ path: String) -> FaultSupportError {
        let reason = ErrorNumber(rawValue: errno).description
        return FaultSupportError(operation: operation, path: path, reason: reason)
    }
}
