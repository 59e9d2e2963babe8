import Glibc

/// What a failing call leaves in `errno`.
public struct ErrorNumber: RawRepresentable, Sendable, Hashable {
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    public static let noSpace = ErrorNumber(rawValue: ENOSPC)
    public static let quota = ErrorNumber(rawValue: EDQUOT)
    public static let inputOutput = ErrorNumber(rawValue: EIO)
    public static let readOnly = ErrorNumber(rawValue: EROFS)
    public static let notPermitted = ErrorNumber(rawValue: EACCES)
    public static let interrupted = ErrorNumber(rawValue: EINTR)
    public static let tooManyFiles = ErrorNumber(rawValue: EMFILE)
    public static let fileTooLarge = ErrorNumber(rawValue: EFBIG)
}

extension ErrorNumber: CustomStringConvertible {
    public var description: String {
        String(cString: strerror(rawValue))
    }
}
