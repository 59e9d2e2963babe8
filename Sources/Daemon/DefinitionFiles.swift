internal import Catalogue
internal import Definitions
internal import Delivery
internal import Foundation
internal import Intake
internal import KPI
public import Retention

/// The definition files that settings name.
public enum DefinitionFiles {
    private static let bytesMax = 1 << 20

    static func redaction(_ path: String) throws(Daemon.StartFailure) -> [SecretRule] {
        try definition(path, "redaction", RedactionFile.rules) ?? SecretRule.defaults
    }

    static func catalogue(_ path: String) throws(Daemon.StartFailure) -> UserCatalogue? {
        try definition(path, "catalogue", CatalogueFile.catalogue)
    }

    /// - Parameter path: of a file, or of a folder with one; empty for the policy that is shipped.
    public static func retention(
        _ path: String
    ) throws(Daemon.StartFailure) -> RetentionPolicy {
        let path = try file(path, "retention")
        return try definition(path, "retention", RetentionFile.policy) ?? RetentionPolicy()
    }

    /// - Parameter path: of a file, or of a folder with one; empty for the KPIs that are shipped.
    static func kpis(_ path: String) throws(Daemon.StartFailure) -> [KPIDefinition] {
        let path = try file(path, "kpis")
        return try definition(path, "kpis", KPIFile.definitions) ?? KPIDefinition.shipped
    }

    static func webhooks(_ path: String) throws(Daemon.StartFailure) -> [WebhookDraft] {
        try definition(path, "webhooks", WebhookFile.webhooks) ?? []
    }

    /// What is wrong with a definition file of whatever kind.
    /// - Returns: its kind; nil where it says nothing.
    public static func check(_ path: String) throws(Daemon.StartFailure) -> String? {
        let text = try text(path, hint: "name a definition file")
        do throws(DefinitionFaults) {
            let kind = try DefinitionKind.of(text, file: path)
            try kind?.check(text, file: path)
            return kind?.rawValue
        } catch {
            throw Daemon.StartFailure(message: error.description, hint: "correct the file")
        }
    }

    /// The YAML files of a folder, in order; a file's own path.
    public static func files(at path: String) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            return [path]
        }
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map { path + "/" + $0 }
    }

    private static func file(
        _ path: String, _ setting: String
    ) throws(Daemon.StartFailure) -> String {
        guard !path.isEmpty else { return path }
        let files = files(at: path)
        guard let file = files.first, files.count == 1 else {
            throw Daemon.StartFailure(
                message: "\(path): holds \(files.isEmpty ? "no" : "more than one") .yaml file",
                hint: "name one file with --\(setting)")
        }
        return file
    }

    /// - Returns: nil where no file is named.
    private static func definition<Value>(
        _ path: String, _ setting: String,
        _ read: (String, String) throws(DefinitionFaults) -> Value
    ) throws(Daemon.StartFailure) -> Value? {
        guard !path.isEmpty else { return nil }
        let text = try text(path, hint: "see --\(setting)")
        do throws(DefinitionFaults) {
            return try read(text, path)
        } catch {
            throw Daemon.StartFailure(
                message: error.description, hint: "correct the file, then start again")
        }
    }

    private static func text(
        _ path: String, hint: String
    ) throws(Daemon.StartFailure) -> String {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Daemon.StartFailure(message: "\(path): cannot be read", hint: hint)
        }
        guard bytes.count <= bytesMax, let text = String(data: bytes, encoding: .utf8) else {
            throw Daemon.StartFailure(
                message: "\(path): is no UTF-8 text of at most \(bytesMax) bytes", hint: hint)
        }
        return text
    }
}
