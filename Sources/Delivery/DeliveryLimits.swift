/// How messages are sent, and how long they are tried.
public struct DeliveryLimits: Sendable {
    /// How long a message waits before each of its attempts; their count is how often it is tried.
    public var retryMilliseconds: [Int64] = [
        0, 5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000,
        86_400_000,
    ]
    /// Up to so much is added to each wait, so that many messages do not come at once.
    public var jitterPercentMax = 10
    /// How long a webhook is left alone that answers 429, 502 or 504 without saying for how long.
    public var throttleMilliseconds: Int64 = 30_000
    /// A longer `Retry-After` is cut to this.
    public var retryAfterMillisecondsMax: Int64 = 86_400_000
    /// From the first byte of the dialling to the last one of the answer.
    public var attemptMillisecondsMax: Int64 = 20_000
    public var connectMillisecondsMax: Int64 = 5_000
    /// Of an answer's body, so much is read.
    public var answerBytesMax = 4_096
    /// Of an answer's body, so much is kept of what is told of a failure.
    public var errorBytesMax = 200
    /// Attempts at the same time at one webhook.
    public var attemptsAtOnceMax = 8
    /// How often a watchdog hears that this server lives.
    public var watchdogMilliseconds: Int64 = 60_000
    /// How often an Alertmanager hears again of an alert that fires; after four times this it takes an
    /// alert for ended of which it has not heard.
    public var resendMilliseconds: Int64 = 60_000
    public var webhooksMax = 100

    public init() {}
}
