internal import Yams

/// The sorts of definition files, told apart by the keys at their top.
public enum DefinitionKind: String, CaseIterable, Sendable {
    case retention, catalogue, kpis, webhooks, redaction

    private var keys: Set<String> {
        switch self {
        case .retention: ["raw", "rollups", "folder", "disk"]
        case .catalogue: ["metrics"]
        case .kpis: ["kpis"]
        case .webhooks: ["webhooks"]
        case .redaction: ["rules", "disable"]
        }
    }

    /// - Returns: nil for a file that says nothing, as any of them may.
    /// - Throws: also where it is of no kind that is known here.
    public static func of(_ text: String, file: String) throws(DefinitionFaults) -> DefinitionKind?
    {
        var reader = DefinitionReader(file: file)
        let members = reader.members(of: text)
        let keys = Set(members.map(\.key))
        if let kind = allCases.first(where: { !$0.keys.isDisjoint(with: keys) }) { return kind }
        if let first = members.first {
            let known = allCases.flatMap { $0.keys.sorted() }.joined(separator: ", ")
            reader.add("\(first.key) begins no definition; there are \(known)", line: first.line)
        }
        return try reader.finish(nil)
    }

    /// Reads a file of this kind, for its faults.
    public func check(_ text: String, file: String) throws(DefinitionFaults) {
        switch self {
        case .retention: _ = try RetentionFile.policy(text, file: file)
        case .catalogue: _ = try CatalogueFile.catalogue(text, file: file)
        case .kpis: _ = try KPIFile.definitions(text, file: file)
        case .webhooks: _ = try WebhookFile.webhooks(text, file: file)
        case .redaction: _ = try RedactionFile.rules(text, file: file)
        }
    }
}
