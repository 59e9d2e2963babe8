public import Delivery
internal import Yams

/// Who is told of alerts.
///
///     webhooks:
///       - id: oncall
///         url: https://example.com/hook
///         format: standard              # standard alertmanager slack alertmanager-api
///         secrets: [whsec_…]            # each signs: two of them while one is replaced
///         kpis: [db_write_time]         # these alone; without it, all
///         levels: [critical]            # alert critical no_data
///         source_apps: [backend-api]
///         watchdog: true                # is told at all times that the server lives
public enum WebhookFile {
    public static func webhooks(
        _ text: String, file: String
    ) throws(DefinitionFaults) -> [WebhookDraft] {
        var reader = DefinitionReader(file: file)
        var drafts: [WebhookDraft] = []
        for (key, node, line) in reader.members(of: text) {
            guard key == "webhooks" else {
                reader.add("unknown key \(key); there is webhooks", line: line)
                continue
            }
            guard let sequence = node.sequence else {
                reader.add("webhooks must be a list", at: node)
                continue
            }
            for item in sequence { drafts.append(draft(item, &reader)) }
            for (draft, item) in zip(drafts, sequence)
            where drafts.filter({ $0.id == draft.id }).count > 1 && !draft.id.isEmpty {
                reader.add("id \(draft.id) is given twice", at: item)
            }
        }
        return try reader.finish(drafts)
    }

    private static func draft(_ node: Node, _ reader: inout DefinitionReader) -> WebhookDraft {
        var draft = WebhookDraft()
        var lines: [String: Int] = [:]
        for (key, value, line) in reader.members(of: node) {
            lines[key] = line
            switch key {
            case "id": draft.id = text(key, value, &reader)
            case "url": draft.url = text(key, value, &reader)
            case "format": draft.format = text(key, value, &reader)
            case "secrets": draft.secrets = texts(key, value, &reader)
            case "kpis": draft.kpis = texts(key, value, &reader)
            case "levels": draft.levels = texts(key, value, &reader)
            case "source_apps": draft.sourceApps = texts(key, value, &reader)
            case "watchdog":
                guard let flag = value.bool else {
                    reader.add("watchdog must be true or false", at: value)
                    continue
                }
                draft.isWatchdog = flag
            default:
                reader.add(
                    "unknown key \(key); there are id, url, format, secrets, kpis, levels, "
                        + "source_apps and watchdog", line: line)
            }
        }
        for fault in draft.faults {
            reader.add(
                "\(fault.field) \(fault.message)", line: lines[fault.field] ?? node.mark?.line)
        }
        return draft
    }

    private static func text(
        _ key: String, _ node: Node, _ reader: inout DefinitionReader
    ) -> String {
        guard let text = node.scalar?.string else {
            reader.add("\(key) must be a text", at: node)
            return ""
        }
        return text
    }

    private static func texts(
        _ key: String, _ node: Node, _ reader: inout DefinitionReader
    ) -> [String] {
        guard let sequence = node.sequence else {
            reader.add("\(key) must be a list of texts", at: node)
            return []
        }
        return sequence.map { text(key, $0, &reader) }
    }
}
