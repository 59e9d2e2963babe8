internal import Storage
internal import TimeSeries

/// What has come of one request.
public enum AttemptResult: Equatable, Sendable {
    /// - Parameter text: the head of the answer's body, where that tells of a failure.
    case answered(status: Int, retryAfter: RetryAfter?, text: String)
    /// No answer, or none in time; or it was not dialled.
    case failed(String)
}

/// Decides what follows on an attempt. By Standard Webhooks: 2xx is a success, all else is a failure, 3xx
/// too; 410 wants no more; 429, 502 and 504 want to be left alone for a while.
struct RetryPolicy: Sendable {
    let limits: DeliveryLimits

    struct Decision: Equatable {
        var verdict: DeliveryOutcome.Verdict
        var status: Int?
        var error: String?
        /// Nothing is sent to this webhook before.
        var pausedUntil: Timestamp?
    }

    /// - Parameters:
    ///   - attempts: of this message, this one among them.
    ///   - chance: from 0 to 1, for the jitter.
    func decision(
        _ result: AttemptResult, attempts: Int, at now: Timestamp, chance: Double
    ) -> Decision {
        switch result {
        case .failed(let error):
            return Decision(verdict: next(attempts, now, chance, atLeast: 0), error: error)
        case .answered(let status, _, _) where (200..<300).contains(status):
            return Decision(verdict: .delivered, status: status)
        case .answered(410, _, let text):
            return Decision(verdict: .gone, status: 410, error: Self.words(410, text))
        case .answered(let status, let retryAfter, let text):
            let pause = pause(status, retryAfter, now)
            return Decision(
                verdict: next(attempts, now, chance, atLeast: pause), status: status,
                error: Self.words(status, text),
                pausedUntil: pause > 0 ? now.advanced(byMilliseconds: pause) : nil)
        }
    }

    private func pause(_ status: Int, _ retryAfter: RetryAfter?, _ now: Timestamp) -> Int64 {
        if let retryAfter {
            return min(retryAfter.milliseconds(from: now), limits.retryAfterMillisecondsMax)
        }
        return [429, 502, 504].contains(status) ? limits.throttleMilliseconds : 0
    }

    private func next(
        _ attempts: Int, _ now: Timestamp, _ chance: Double, atLeast pause: Int64
    ) -> DeliveryOutcome.Verdict {
        guard attempts < limits.retryMilliseconds.count else { return .failed }
        let wait = limits.retryMilliseconds[attempts]
        let jitter = Double(wait) * Double(limits.jitterPercentMax) / 100 * chance
        return .retry(at: now.advanced(byMilliseconds: max(wait + Int64(jitter), pause)))
    }

    private static func words(_ status: Int, _ text: String) -> String {
        let meaning =
            switch status {
            case 300..<400: "it answered \(status), and redirects are not followed"
            default: "it answered \(status)"
            }
        return text.isEmpty ? meaning : meaning + ": " + text
    }
}
