internal import Yams

/// Reads the YAML of one file and gathers its faults; unknown keys are faults.
struct DefinitionReader {
    let file: String
    private(set) var faults: [DefinitionFault] = []

    init(file: String) {
        self.file = file
    }

    /// The top of the file, which must be a mapping. An empty file is an empty mapping.
    mutating func members(of text: String) -> [(key: String, value: Node, line: Int)] {
        do {
            guard let node = try Yams.compose(yaml: text) else { return [] }
            return members(of: node)
        } catch let error as YamlError {
            add(error, in: text)
        } catch {
            add("cannot be read as YAML", at: nil)
        }
        return []
    }

    mutating func members(of node: Node) -> [(key: String, value: Node, line: Int)] {
        guard let mapping = node.mapping else {
            add("must be a mapping of keys to values", at: node)
            return []
        }
        return mapping.map { ($0.key.string ?? "", $0.value, $0.key.mark?.line ?? 1) }
    }

    mutating func add(_ message: String, at node: Node?) {
        add(message, line: node?.mark?.line)
    }

    mutating func add(_ message: String, line: Int?) {
        faults.append(DefinitionFault(file: file, line: line, message: message))
    }

    func finish<Value>(_ value: Value) throws(DefinitionFaults) -> Value {
        guard faults.isEmpty else { throw DefinitionFaults(faults: faults) }
        return value
    }

    private mutating func add(_ error: YamlError, in text: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            add(problem, line: mark.line)
        case .duplicatedKeysInMapping(let duplicates, let context):
            for key in duplicates {
                add("given twice: \(key)", line: line(ofSecond: key, text) ?? context.mark.line)
            }
        default: add("cannot be read as YAML", at: nil)
        }
    }

    /// The parser says where the mapping begins, not where the key comes again.
    private func line(ofSecond key: String, _ text: String) -> Int? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.filter { lines[$0].drop { " \"'".contains($0) }.hasPrefix(key) }
            .dropFirst().first.map { $0 + 1 }
    }
}
