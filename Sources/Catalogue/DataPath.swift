/// The way to a value within an event's `data`: the keys of objects within one another.
///
///     tool_response.usage.input_tokens      {"tool_response":{"usage":{"input_tokens":12}}}
///
/// Arrays are not entered.
public struct DataPath: Hashable, Sendable {
    public let keys: [String]

    public static let keysMax = 8

    /// - Returns: nil where there is no key, or too many.
    public init?(keys: [String]) {
        guard (1...Self.keysMax).contains(keys.count) else { return nil }
        self.keys = keys
    }

    /// Reads keys with dots between them; a key that has a dot cannot be written so.
    /// - Returns: nil where a key is empty, or there are too many.
    public init?(_ text: String) {
        let keys = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard keys.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(keys: keys)
    }
}
