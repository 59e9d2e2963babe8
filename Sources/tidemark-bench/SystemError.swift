#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The operating system said no: what was tried, and its own words.
struct SystemError: Error, CustomStringConvertible {
    let operation: String
    let code: CInt

    init(_ operation: String, _ code: CInt) {
        self.operation = operation
        self.code = code
    }

    var description: String { "\(operation): \(String(cString: strerror(code)))" }
}
