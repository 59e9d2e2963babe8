public import Intake
internal import Yams

/// Rules for secrets beyond the ones built in.
///
///     disable: [openai_key]             # names of built-in rules
///     rules:
///       - name: acme_token
///         prefix: "acme_"               # a token: prefix, then lengthMin…lengthMax of an alphabet
///         alphabet: alphanumeric        # digits hex upper_alphanumeric alphanumeric base64url token
///         length_min: 20
///         length_max: 64                # optional
///       - name: acme_header
///         assignment: X-Acme-Auth       # `X-Acme-Auth: value` in texts, and a JSON key of that name
///       - name: acme_password
///         field: password               # only a JSON key of that name
public enum RedactionFile {
    public static func rules(_ text: String, file: String) throws(DefinitionFaults) -> [SecretRule]
    {
        var reader = DefinitionReader(file: file)
        var rules: [SecretRule] = []
        var disabled: Set<String> = []
        for (key, node, line) in reader.members(of: text) {
            switch key {
            case "rules": rules = Self.rules(node, &reader)
            case "disable": disabled = Self.disabled(node, &reader)
            default: reader.add("unknown key \(key); there are rules and disable", line: line)
            }
        }
        // The user's own rules are more specific, so they come first.
        return try reader.finish(rules + SecretRule.defaults.filter { !disabled.contains($0.name) })
    }

    private static func disabled(_ node: Node, _ reader: inout DefinitionReader) -> Set<String> {
        let known = Set(SecretRule.defaults.map(\.name))
        guard let sequence = node.sequence else {
            reader.add("disable must be a list of rule names", at: node)
            return []
        }
        var names: Set<String> = []
        for item in sequence {
            guard let name = item.string, known.contains(name) else {
                reader.add("disable names no built-in rule", at: item)
                continue
            }
            names.insert(name)
        }
        return names
    }

    private static func rules(_ node: Node, _ reader: inout DefinitionReader) -> [SecretRule] {
        guard let sequence = node.sequence else {
            reader.add("rules must be a list", at: node)
            return []
        }
        return sequence.compactMap { rule($0, &reader) }
    }

    private static let keys: Set = [
        "name", "prefix", "alphabet", "length_min", "length_max", "assignment", "field",
    ]

    private static func rule(_ node: Node, _ reader: inout DefinitionReader) -> SecretRule? {
        var values: [String: Node] = [:]
        for (key, value, line) in reader.members(of: node) {
            if !keys.contains(key) { reader.add("unknown key \(key)", line: line) }
            values[key] = value
        }
        guard let name = values["name"]?.string, isName(name) else {
            reader.add("name must be small letters, digits and _", at: values["name"] ?? node)
            return nil
        }
        guard let shape = shape(values, node, &reader) else { return nil }
        return SecretRule(name: name, shape: shape)
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
    }

    private static func shape(
        _ values: [String: Node], _ node: Node, _ reader: inout DefinitionReader
    ) -> SecretRule.Shape? {
        let kinds = ["prefix", "assignment", "field"].filter { values[$0] != nil }
        guard kinds.count == 1, let kind = kinds.first, let value = values[kind],
            let text = value.string
        else {
            reader.add("a rule has one of prefix, assignment and field", at: node)
            return nil
        }
        guard text.utf8.count >= SecretRule.prefixBytesMin, text.utf8.allSatisfy({ $0 < 0x80 })
        else {
            reader.add("\(kind) must have at least three ASCII characters", at: value)
            return nil
        }
        switch kind {
        case "assignment": return .assignment(name: text)
        case "field": return .field(name: text)
        default: return token(text, values, node, &reader)
        }
    }

    private static func token(
        _ prefix: String, _ values: [String: Node], _ node: Node, _ reader: inout DefinitionReader
    ) -> SecretRule.Shape? {
        guard let alphabet = values["alphabet"]?.string.flatMap(SecretRule.Alphabet.init) else {
            let names = SecretRule.Alphabet.allCases.map(\.rawValue).joined(separator: ", ")
            reader.add("alphabet must be one of \(names)", at: values["alphabet"] ?? node)
            return nil
        }
        guard let lengthMin = values["length_min"]?.int, lengthMin >= 1 else {
            reader.add("length_min must be a positive number", at: values["length_min"] ?? node)
            return nil
        }
        let lengthMax = values["length_max"].map { $0.int ?? -1 } ?? .max
        guard lengthMax >= lengthMin else {
            reader.add("length_max must be a number from length_min on", at: values["length_max"])
            return nil
        }
        return .token(
            prefix: prefix, alphabet: alphabet, lengthMin: lengthMin, lengthMax: lengthMax)
    }
}
