/// One setting as data: this table makes flags, environment, config file, `tidemark settings`, the
/// documentation and the error texts.
public struct Setting: Sendable {
    /// As in the config file; the variable is `TIDEMARK_` and the same in capitals.
    public let key: String
    public let unit: String
    public let help: String
    /// The value in these settings, as text.
    public let read: @Sendable (Settings) -> String
    /// Sets it from a text; false where the text will not do.
    let write: @Sendable (inout Settings, String) -> Bool
    /// What values there are, for error texts.
    let expectation: String

    public var variable: String { "TIDEMARK_" + key.uppercased() }
    public var defaultText: String { read(Settings()) }

    static func text(
        _ key: String, _ path: any WritableKeyPath<Settings, String> & Sendable, _ help: String
    ) -> Setting {
        Setting(
            key: key, unit: "", help: help, read: { $0[keyPath: path] },
            write: { settings, text in
                settings[keyPath: path] = text
                return true
            }, expectation: "a text")
    }

    static func list(
        _ key: String, _ path: any WritableKeyPath<Settings, [String]> & Sendable, _ help: String
    ) -> Setting {
        Setting(
            key: key, unit: "", help: help, read: { $0[keyPath: path].joined(separator: ",") },
            write: { settings, text in
                settings[keyPath: path] = text.split(separator: ",").map(Self.trimmed)
                    .filter { !$0.isEmpty }
                return true
            }, expectation: "a list with commas")
    }

    static func number<Value: FixedWidthInteger & Sendable>(
        _ key: String, _ unit: String, _ path: any WritableKeyPath<Settings, Value> & Sendable,
        _ range: ClosedRange<Value>, _ help: String
    ) -> Setting {
        Setting(
            key: key, unit: unit, help: help, read: { String($0[keyPath: path]) },
            write: { settings, text in
                guard let value = Value(text), range.contains(value) else { return false }
                settings[keyPath: path] = value
                return true
            }, expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }

    /// Several spans of time, in milliseconds.
    static func spans(
        _ key: String, _ path: any WritableKeyPath<Settings, [Int64]> & Sendable,
        _ counts: ClosedRange<Int>, max: Int64, _ help: String
    ) -> Setting {
        Setting(
            key: key, unit: "ms", help: help,
            read: { $0[keyPath: path].map(String.init).joined(separator: ",") },
            write: { settings, text in
                let parts = text.split(separator: ",", omittingEmptySubsequences: false)
                let values = parts.compactMap { Int64(trimmed($0)) }
                guard counts.contains(parts.count), values.count == parts.count,
                    values.allSatisfy({ (0...max).contains($0) })
                else { return false }
                settings[keyPath: path] = values
                return true
            },
            expectation: "\(counts.lowerBound) to \(counts.upperBound) whole numbers with commas, "
                + "each at most \(max)")
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
