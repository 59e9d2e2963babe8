/// How a message's body is written.
public enum WebhookFormat: String, CaseIterable, Sendable {
    /// Standard Webhooks.
    case standard
    /// As Prometheus' Alertmanager writes to its own webhooks, version 4.
    case alertmanager
    case slack
    /// To an Alertmanager itself: its `/api/v2/alerts`.
    case alertmanagerAPI = "alertmanager-api"

    /// It takes an alert for ended of which it does not hear again.
    var wantsResending: Bool { self == .alertmanagerAPI }
}
