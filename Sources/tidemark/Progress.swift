internal import Foundation

/// One line on standard error that says how far long work is; none where that is no terminal.
struct Progress {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    /// What is done by then was not long.
    private var next = ContinuousClock.now + .milliseconds(500)
    private var isShown = false

    mutating func show(_ text: @autoclosure () -> String) {
        guard isTerminal, .now >= next else { return }
        next = .now + .milliseconds(200)
        isShown = true
        Self.write("\r\u{1B}[K" + text())
    }

    mutating func clear() {
        if isShown { Self.write("\r\u{1B}[K") }
        isShown = false
    }

    private static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}

/// `12.3 MB`
struct ByteCount: CustomStringConvertible {
    private let bytes: Int

    init(_ bytes: Int) {
        self.bytes = bytes
    }

    var description: String {
        let tenths = bytes / 100_000
        return "\(tenths / 10).\(tenths % 10) MB"
    }
}
