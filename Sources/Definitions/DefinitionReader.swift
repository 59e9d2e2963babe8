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
            add(error)
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

    private mutating func add(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            add(problem, line: mark.line)
        case .duplicatedKeysInMapping(let duplicates, let context):
            add("given twice: \(duplicates.joined(separator: ", "))", line: context.mark.line)
        default: add("cannot be read as YAML", at: nil)
        }
    }
}
