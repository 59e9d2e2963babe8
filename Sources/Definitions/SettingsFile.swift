internal import Yams

/// `tidemark.yaml`: settings by key, as texts; what they mean is decided where all sources meet.
public struct SettingsFile: Sendable {
    public struct Value: Sendable {
        public let text: String
        public let line: Int
    }

    public let values: [String: Value]
    /// What is wrong with the file itself; its values may have faults of their own.
    public let faults: [DefinitionFault]

    /// - Parameter known: all keys that there are.
    public init(_ text: String, file: String, known: Set<String>) {
        var reader = DefinitionReader(file: file)
        var values: [String: Value] = [:]
        for (key, node, line) in reader.members(of: text) {
            guard known.contains(key) else {
                reader.add("unknown setting \(key); tidemark settings lists them", line: line)
                continue
            }
            guard let value = Self.text(node) else {
                reader.add("\(key) must be a value or a list of values", line: line)
                continue
            }
            values[key] = Value(text: value, line: line)
        }
        self.values = values
        faults = reader.faults
    }

    /// A list is as good as its values with commas between.
    private static func text(_ node: Node) -> String? {
        if let sequence = node.sequence {
            let items = sequence.compactMap(\.string)
            return items.count == sequence.count ? items.joined(separator: ",") : nil
        }
        return node.string
    }
}
