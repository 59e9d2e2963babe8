import Storage
import Testing
import TimeSeries

@testable import Delivery

@Suite struct `What follows on an attempt` {
    private static let now = Timestamp(milliseconds: 1_764_000_000_000)

    private func decision(
        _ result: AttemptResult, attempts: Int = 1, chance: Double = 0
    ) -> RetryPolicy.Decision {
        RetryPolicy(limits: DeliveryLimits()).decision(
            result, attempts: attempts, at: Self.now, chance: chance)
    }

    private func answered(_ status: Int, _ retryAfter: String? = nil) -> AttemptResult {
        .answered(
            status: status, retryAfter: retryAfter.flatMap(RetryAfter.init), text: "")
    }

    private func later(_ seconds: Int64) -> Timestamp {
        Self.now.advanced(byMilliseconds: seconds * 1_000)
    }

    @Test(arguments: [200, 201, 202, 204, 299])
    func `is nothing after a success`(status: Int) {
        #expect(decision(answered(status)).verdict == .delivered)
        #expect(decision(answered(status), attempts: 10).verdict == .delivered)
    }

    @Test(arguments: [100, 300, 301, 302, 307, 308, 400, 401, 404, 500, 503])
    func `is the next attempt after a failure`(status: Int) {
        let decision = decision(answered(status))
        #expect(decision.verdict == .retry(at: later(5)) && decision.pausedUntil == nil)
        #expect(decision.error?.contains("\(status)") == true)
    }

    @Test func `is that of the schedule, ten times in all`() {
        let seconds: [Int64] = [
            5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
        ]
        for (place, wait) in seconds.enumerated() {
            #expect(
                decision(.failed("x"), attempts: place + 1).verdict == .retry(at: later(wait)))
        }
        #expect(decision(.failed("x"), attempts: 10).verdict == .failed)
    }

    @Test func `is later by some chance`() {
        #expect(
            decision(.failed("x"), attempts: 2, chance: 1).verdict == .retry(at: later(330)))
        #expect(
            decision(.failed("x"), attempts: 2, chance: 0.5).verdict == .retry(at: later(315)))
    }

    @Test(arguments: [429, 502, 504])
    func `is a pause where too much was sent`(status: Int) {
        let decision = decision(answered(status))
        #expect(decision.verdict == .retry(at: later(30)))
        #expect(decision.pausedUntil == later(30))
        #expect(self.decision(answered(status), attempts: 2).verdict == .retry(at: later(300)))
    }

    @Test(
        arguments: [
            ("120", 120), ("0", 5), ("Mon, 24 Nov 2025 16:02:00 GMT", 120),
            ("Mon, 24 Nov 2025 15:02:00 GMT", 5), ("99999999999999999999", 86_400),
            ("1000000", 86_400), ("soon", 5), ("-5", 5), ("", 5),
            ("Mon, 24 Foo 2025 16:02:00 GMT", 5),
        ] as [(String, Int64)])
    func `is what Retry-After says, up to a day`(text: String, seconds: Int64) {
        #expect(decision(answered(503, text)).verdict == .retry(at: later(seconds)))
    }

    @Test func `is the end of all after 410`() {
        #expect(decision(answered(410)).verdict == .gone)
    }
}
