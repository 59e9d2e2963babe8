internal import EventLog
internal import Foundation

/// Standard output and standard error, in whole pieces.
enum Console {
    static func write(_ bytes: some Sequence<UInt8>) throws(CommandFailure) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch {
            let reason = (error as NSError).localizedDescription
            throw CommandFailure(message: "cannot write to standard output: \(reason)")
        }
    }

    static func error(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// Said once of each stretch; what is read beside it is sound.
    @Sendable static func warn(_ damage: DamagedSpan) {
        error("warning: passed over a damaged stretch of the log: \(damage)")
    }

    /// Text of a sender, made harmless for a terminal: control characters could move the cursor, hide
    /// text or set the title.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
                    default: scalar
                    }
                }))
    }
}
