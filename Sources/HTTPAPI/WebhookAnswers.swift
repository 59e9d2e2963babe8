internal import Delivery
internal import Foundation
internal import Hummingbird
internal import Storage
internal import TimeSeries

/// A webhook as it is told: its secrets only once, when they are made.
struct WebhookAnswer: Encodable {
    let id, url, format: String
    let kpis, levels, source_apps: [String]
    let watchdog: Bool
    let source, state: String
    let disabled_reason: String?
    let secret_count: Int
    let secrets: [String]?
    let created_at: String

    init(_ row: WebhookRow, withSecrets: Bool = false) {
        id = row.id
        url = row.url
        format = row.format
        kpis = row.filter.kpis
        levels = row.filter.levels
        source_apps = row.filter.sourceApps
        watchdog = row.isWatchdog
        source = row.isFromFile ? "file" : "api"
        state = row.disabledReason == nil ? "enabled" : "disabled"
        disabled_reason = row.disabledReason
        secret_count = row.secrets.count
        secrets = withSecrets ? row.secrets : nil
        created_at = row.createdAt.description
    }
}

struct WebhookList: Encodable {
    let webhooks: [WebhookAnswer]
}

struct DeliveryAnswer: Encodable {
    let id: Int64
    let webhook, message_id: String
    let seq: Int64
    let state, created_at: String
    let attempts: Int
    let next_attempt_at, last_attempt_at: String?
    let last_status: Int?
    let last_error, ended_at: String?

    init(_ row: DeliveryRow) {
        id = row.id
        webhook = row.webhook
        message_id = row.messageID
        seq = row.seq
        state = row.state.rawValue
        created_at = row.createdAt.description
        attempts = row.attempts
        next_attempt_at = row.nextAttemptAt?.description
        last_attempt_at = row.lastAttemptAt?.description
        last_status = row.lastStatus
        last_error = row.lastError
        ended_at = row.endedAt?.description
    }
}

struct DeliveryList: Encodable {
    let deliveries: [DeliveryAnswer]
    /// The `before` of the next page.
    let next: String?
}

struct WebhookTestAnswer: Encodable {
    let delivered: Bool
    let status: Int?
    let error: String?

    init(_ result: AttemptResult) {
        switch result {
        case .answered(let status, _, let text):
            let isDelivered = (200..<300).contains(status)
            delivered = isDelivered
            self.status = status
            error = isDelivered ? nil : text.isEmpty ? "it answered \(status)" : text
        case .failed(let words):
            delivered = false
            status = nil
            error = words
        }
    }
}

extension Response {
    static func json(
        encoding value: some Encodable, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return .json(try encoder.encode(value), status: status)
    }
}
