internal import Foundation

/// What standard output can show.
struct Terminal {
    /// Characters of a line.
    let width: Int
    /// Escape sequences may be written.
    private let hasColor: Bool
    /// Characters beyond ASCII may be written.
    let hasUnicode: Bool

    private static let widthWithoutTerminal = 80

    init() {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDOUT_FILENO) == 1
        // https://no-color.org
        let isPlain = environment["NO_COLOR"] != nil || environment["TERM"] == "dumb"
        width = Self.columns ?? Self.widthWithoutTerminal
        hasColor = isTerminal && !isPlain
        hasUnicode = hasColor && Self.isUTF8(environment)
    }

    func strong(_ text: String) -> String { hasColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    func tinted(_ text: String) -> String { hasColor ? "\u{1B}[36m\(text)\u{1B}[0m" : text }

    private static var columns: Int? {
        var size = winsize()
        let result = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        return result == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
    }

    /// The first of these that is set says how text is written (POSIX, "Environment Variables" 8.2).
    private static func isUTF8(_ environment: [String: String]) -> Bool {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"]
        let locale = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        return locale.lowercased().contains("utf-8") || locale.lowercased().contains("utf8")
    }
}
