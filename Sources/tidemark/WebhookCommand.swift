internal import ArgumentParser
internal import Foundation
internal import NIOHTTP1

/// `tidemark webhook`
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract: "Who is told of alerts, and what was delivered.",
        discussion: """
            Asks a running server. Receivers at loopback or private addresses are dialled only where its \
            setting webhook_allow_hosts names their host:port.
            """,
        subcommands: [
            WebhookList.self, WebhookAdd.self, WebhookTest.self, WebhookRemove.self,
            WebhookDeliveries.self, WebhookRetry.self,
        ])
}

struct WebhookList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the webhooks.")

    struct Webhook: Decodable {
        let id, url, format, source, state: String
        let kpis, levels, source_apps: [String]
        let watchdog: Bool
        let disabled_reason: String?
        let secrets: [String]?
    }

    private struct List: Decodable {
        let webhooks: [Webhook]
    }

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let webhooks = try await server.ask(.GET, "/webhooks", as: List.self).webhooks
        guard !webhooks.isEmpty else { return Console.error("there is no webhook yet") }
        var table = TextTable(["ID", "STATE", "SOURCE", "FORMAT", "TOLD OF", "URL"])
        for webhook in webhooks {
            table.append(
                [
                    webhook.id, webhook.state, webhook.source, webhook.format,
                    Self.filter(webhook), webhook.url,
                ].map(Console.printable))
        }
        try Console.write((table.text + "\n").utf8)
        for webhook in webhooks {
            guard let reason = webhook.disabled_reason else { continue }
            Console.error(
                Console.printable(
                    "\(webhook.id) is disabled: \(reason); "
                        + "tidemark webhook test \(webhook.id) enables it where it takes a message")
            )
        }
    }

    private static func filter(_ webhook: Webhook) -> String {
        let parts = [webhook.levels, webhook.kpis, webhook.source_apps].filter { !$0.isEmpty }
            .map { $0.joined(separator: ",") }
        return (parts.isEmpty ? ["all"] : parts).joined(separator: " ")
            + (webhook.watchdog ? " + watchdog" : "")
    }
}

struct WebhookAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds a webhook, and shows its secret.")

    @OptionGroup var server: ServerOptions

    @Argument(help: "Where messages go, such as https://example.com/hook")
    var address: String

    @Option(help: "Its id. (default: made up)")
    var id: String?

    @Option(help: "standard, alertmanager, slack or alertmanager-api.")
    var format = "standard"

    @Option(
        name: .customLong("secret"),
        help: "whsec_ and 24 to 64 bytes in base64. Repeatable. (default: made up)")
    var secrets: [String] = []

    @Option(name: .customLong("kpi"), help: "Only alerts of this KPI. Repeatable.")
    var kpis: [String] = []

    @Option(
        name: .customLong("level"), help: "Only alert, critical or no_data. Repeatable.")
    var levels: [String] = []

    @Option(name: .customLong("source-app"), help: "Only alerts of this app. Repeatable.")
    var sourceApps: [String] = []

    @Flag(help: "It is told all the time that the server lives.")
    var watchdog = false

    private struct Body: Encodable {
        let id: String?
        let url, format: String
        let secrets, kpis, levels, source_apps: [String]
        let watchdog: Bool
    }

    func run() async throws {
        let body = Body(
            id: id, url: address, format: format, secrets: secrets, kpis: kpis, levels: levels,
            source_apps: sourceApps, watchdog: watchdog)
        let json = [UInt8](try JSONEncoder().encode(body))
        let added = try await server.ask(
            .POST, "/webhooks", json: json, as: WebhookList.Webhook.self)
        let secrets = (added.secrets ?? []).map { "secret  \($0)\n" }.joined()
        try Console.write("id      \(Console.printable(added.id))\n\(secrets)".utf8)
    }
}

struct WebhookTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Sends a test message now.")

    @OptionGroup var server: ServerOptions

    @Argument(help: "The webhook's id.")
    var id: PathPart

    private struct Answer: Decodable {
        let delivered: Bool
        let status: Int?
        let error: String?
    }

    func run() async throws {
        let answer = try await server.ask(
            .POST, "/webhooks/\(id.text)/test", as: Answer.self)
        guard answer.delivered else {
            throw CommandFailure(
                message: "it was not delivered: " + Console.printable(answer.error ?? ""))
        }
        try Console.write("delivered, answered \(answer.status ?? 200)\n".utf8)
    }
}

struct WebhookRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Removes a webhook, with its deliveries.")

    @OptionGroup var server: ServerOptions

    @Argument(help: "The webhook's id.")
    var id: PathPart

    func run() async throws {
        _ = try await server.ask(.DELETE, "/webhooks/\(id.text)")
    }
}

struct WebhookDeliveries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "Lists what was delivered, the newest first.")

    @OptionGroup var server: ServerOptions

    @Argument(help: "The webhook's id.")
    var id: PathPart

    @Option(help: "How many, at most 1000.")
    var limit = 20

    struct Delivery: Decodable {
        let id, seq: Int64
        let state, created_at: String
        let attempts: Int
        let next_attempt_at, last_error: String?
        let last_status: Int?
    }

    private struct List: Decodable {
        let deliveries: [Delivery]
    }

    func run() async throws {
        let deliveries = try await server.ask(
            .GET, "/webhooks/\(id.text)/deliveries",
            [URLQueryItem(name: "limit", value: String(limit))], as: List.self
        ).deliveries
        guard !deliveries.isEmpty else {
            return Console.error("there was nothing to deliver to it yet")
        }
        var table = TextTable(["NUMBER", "STATE", "MADE", "ATTEMPTS", "NEXT", "LAST"])
        for delivery in deliveries {
            let last = delivery.last_error ?? delivery.last_status.map { "answered \($0)" }
            table.append(
                [
                    String(delivery.id), delivery.state, delivery.created_at,
                    String(delivery.attempts), delivery.next_attempt_at ?? "-", last ?? "-",
                ].map(Console.printable))
        }
        try Console.write((table.text + "\n").utf8)
    }
}

struct WebhookRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Sends a message again, or at once what waits.")

    @OptionGroup var server: ServerOptions

    @Argument(help: "The delivery's number.")
    var number: PathPart

    func run() async throws {
        _ = try await server.ask(
            .POST, "/deliveries/\(number.text)/retry", as: WebhookDeliveries.Delivery.self)
    }
}
