internal import Delivery
internal import Storage

extension Setting {
    static let webhooks = [
        list(
            "webhook_allow_hosts", \.webhookAllowHosts,
            "host:port of receivers that may be at private addresses"),
        spans(
            "webhook_retry_milliseconds", \.delivery.retryMilliseconds, 1...32,
            max: 30 * 86_400_000, "how long a message waits before each of its attempts"),
        number(
            "webhook_jitter_percent_max", "%", \.delivery.jitterPercentMax, 0...100,
            "what chance adds to such a wait"),
        number(
            "webhook_throttle_milliseconds", "ms", \.delivery.throttleMilliseconds, 1...86_400_000,
            "how long a webhook is left alone after 429, 502 or 504"),
        number(
            "webhook_retry_after_milliseconds_max", "ms", \.delivery.retryAfterMillisecondsMax,
            1_000...(30 * 86_400_000), "what is believed of a Retry-After"),
        number(
            "webhook_attempt_milliseconds_max", "ms", \.delivery.attemptMillisecondsMax,
            10...600_000, "one attempt, to the end of the answer"),
        number(
            "webhook_connect_milliseconds_max", "ms", \.delivery.connectMillisecondsMax,
            10...600_000, "of which for the connection"),
        number(
            "webhook_answer_bytes_max", "bytes", \.delivery.answerBytesMax, 1...1_048_576,
            "what is read of an answer's body"),
        number(
            "webhook_error_bytes_max", "bytes", \.delivery.errorBytesMax, 1...4_096,
            "what is kept of an answer that is a failure"),
        number(
            "webhook_attempts_at_once_max", "attempts", \.delivery.attemptsAtOnceMax, 1...256,
            "attempts at the same time at one webhook"),
        number(
            "webhook_watchdog_milliseconds", "ms", \.delivery.watchdogMilliseconds,
            10...86_400_000, "how often a watchdog hears that the server lives"),
        number(
            "webhook_resend_milliseconds", "ms", \.delivery.resendMilliseconds, 10...86_400_000,
            "how often an Alertmanager hears again of an alert that fires"),
        number(
            "webhook_supersede_milliseconds", "ms", \.control.supersedeMilliseconds,
            0...(30 * 86_400_000), "how long a message is tried that a newer one has overtaken"),
        number(
            "webhooks_max", "webhooks", \.delivery.webhooksMax, 1...10_000,
            "webhooks in all; further ones are refused"),
        number(
            "outbox_rows_max", "messages", \.control.outboxRowsMax, 1...(1 << 24),
            "messages that wait for one webhook; further ones fail at once"),
        number(
            "delivery_keep_milliseconds", "ms", \.control.deliveriesMilliseconds,
            1_000...(3_660 * 86_400_000), "how long a delivery is listed after its end"),
        number(
            "alert_keep_milliseconds", "ms", \.control.historyMilliseconds,
            1_000...(36_600 * 86_400_000), "how long an alert is listed after its end"),
        number(
            "control_copies_kept", "copies", \.control.copiesKept, 0...366,
            "daily copies of control.sqlite"),
    ]
}
