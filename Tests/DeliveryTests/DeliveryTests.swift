import Delivery
import Foundation
import Storage
import Testing
import TestSupport
import TimeSeries

@Suite struct `A webhook` {
    /// A receiver of these replies, and what is in the outbox once there is nothing more to do.
    private func deliver(
        _ replies: [Reply], episodes: ClosedRange<Int64> = 1...1,
        change: (inout Deliveries) -> Void = { _ in },
        until: @escaping ([DeliveryRow.State]) -> Bool = { !$0.contains(.pending) }
    ) async throws -> (receiver: Receiver, deliveries: Deliveries) {
        let receiver = try await Receiver(replies)
        var deliveries = try Deliveries([receiver.host])
        change(&deliveries)
        try await deliveries.add("a", receiver.url)
        try await deliveries.commit(episodes)
        let all = deliveries
        try await all.run {
            try await expectEventually { until(try await all.states("a")) }
        }
        return (receiver, deliveries)
    }

    @Test func `is sent a signed message`() async throws {
        let (receiver, deliveries) = try await deliver([.ok])
        let received = try #require(receiver.received.first)
        #expect(receiver.received.count == 1 && received.target == "/hook")
        #expect(received.headers["host"] == receiver.host)
        #expect(received.headers["content-type"] == "application/json")
        #expect(received.headers["user-agent"] == "Tidemark/test")
        #expect(received.headers["webhook-signature"]?.hasPrefix("v1,") == true)
        #expect(received.text.hasPrefix(#"{"type":"kpi.alert","timestamp":""#))
        let row = try #require(
            try await deliveries.store.outbox.deliveries(of: "a", limit: 1).first)
        #expect(row.messageID == received.id && row.state == .delivered)
        #expect(row.attempts == 1 && row.lastStatus == 200)
    }

    @Test(
        arguments: [
            ([.status(500, body: "oops\u{1}"), .status(404), .ok], "it answered 500: oops "),
            (
                [.status(301, headers: ["Location": "http://127.0.0.1:1/"]), .ok],
                "it answered 301, and redirects are not followed"
            ),
            ([.raw("HTTP/2.0 garbage\r\n\u{0}\u{1}\r\n\r\n"), .ok], "no connection"),
            ([.hangUp, .hangUp, .ok], "HTTPClientError.remoteConnectionClosed"),
            ([.never, .ok], "no answer within 300 ms"), ([.drip, .ok], "it answered 500"),
            ([.status(429, headers: ["Retry-After": "1"]), .ok], "it answered 429"),
            (
                [.status(502, body: String(repeating: "y", count: 100_000)), .ok],
                "it answered 502: yyy"
            ),
        ] as [([Reply], String)])
    func `that fails is sent the same message again`(replies: [Reply], error: String) async throws {
        let (receiver, deliveries) = try await deliver(
            replies, change: { $0.limits.attemptMillisecondsMax = 300 })
        #expect(receiver.received.count == replies.count)
        #expect(Set(receiver.ids).count == 1)
        #expect(Set(receiver.received.map(\.text)).count == 1)
        let row = try #require(
            try await deliveries.store.outbox.deliveries(of: "a", limit: 1).first)
        #expect(row.state == .delivered && row.attempts == replies.count)

        let (_, once) = try await deliver(
            [replies[0]],
            change: {
                $0.limits.attemptMillisecondsMax = 300
                $0.limits.retryMilliseconds = [0]
            })
        let failed = try #require(try await once.store.outbox.deliveries(of: "a", limit: 1).first)
        #expect(failed.state == .failed && failed.lastError?.hasPrefix(error) == true)
        #expect(failed.lastError?.utf8.count ?? 0 < 300, "\(failed.lastError ?? "")")
    }

    @Test func `that fails for good is given up, with its own words`() async throws {
        let (receiver, deliveries) = try await deliver([.status(500, body: "no\nroom")])
        #expect(receiver.received.count == 4)
        let row = try #require(
            try await deliveries.store.outbox.deliveries(of: "a", limit: 1).first)
        #expect(row.state == .failed && row.lastError == "it answered 500: no room")
        #expect(deliveries.reports.texts.contains { $0.hasPrefix("a: gave up delivery 1") })
    }

    @Test func `that answers 301 is not followed`() async throws {
        let other = try await Receiver([.ok])
        let (_, deliveries) = try await deliver(
            [.status(301, headers: ["Location": other.url])],
            change: { $0.rules = AddressRules(allowHosts: [other.host, "127.0.0.1:1"]) })
        #expect(other.received.isEmpty)
        #expect(try await deliveries.states("a") == [.failed])
    }

    @Test func `that answers 410 is told nothing more, until a test message arrives`() async throws
    {
        let (receiver, deliveries) = try await deliver(
            [.status(410), .ok], episodes: 1...3, change: { $0.limits.attemptsAtOnceMax = 1 })
        #expect(receiver.received.count == 1)
        #expect(try await deliveries.states("a") == [.failed, .failed, .failed])
        let disabled = try #require(try await deliveries.store.webhook("a"))
        #expect(disabled.disabledReason != nil)
        try await deliveries.commit(4...4)
        #expect(try await deliveries.states("a").count == 3)
        let result = try await deliveries.service.test(disabled)
        #expect(result == .answered(status: 200, retryAfter: nil, text: ""))
        #expect(try await deliveries.store.webhook("a")?.disabledReason == nil)
        #expect(receiver.received.last?.text.hasPrefix(#"{"type":"test""#) == true)
    }

    @Test func `that wants less is left alone for as long as it says`() async throws {
        let receiver = try await Receiver([
            .status(429, headers: ["Retry-After": "3600"]), .ok,
        ])
        var deliveries = try Deliveries([receiver.host])
        deliveries.limits.attemptsAtOnceMax = 1
        let all = deliveries
        try await all.add("a", receiver.url)
        try await all.commit(1...5)
        try await all.run {
            try await expectEventually {
                try await all.store.outbox.delivery(1)?.attempts == 1
            }
            // What comes now wakes the courier, and waits too.
            try await all.commit(6...6)
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(receiver.received.count == 1)
        let next = try #require(try await all.store.outbox.delivery(1)?.nextAttemptAt)
        let wait = next.milliseconds - Deliveries.now().milliseconds
        #expect((3_500_000...3_600_000).contains(wait))
    }

    @Test func `hears of one alert in order, and of others meanwhile`() async throws {
        let receiver = try await Receiver { request, count in
            request.text.contains(#""alert_id":"1""#) && count < 6 ? .status(500) : .ok
        }
        let deliveries = try Deliveries([receiver.host])
        try await deliveries.add("a", receiver.url)
        try await deliveries.commit(1...1)
        try await deliveries.commit(1...1, from: "alert", to: "critical")
        try await deliveries.commit(2...5)
        try await deliveries.run {
            try await expectEventually {
                try await deliveries.states("a").allSatisfy { $0 == .delivered }
            }
        }
        let ones = receiver.received.filter { $0.text.contains(#""alert_id":"1""#) }
        let first = try #require(ones.lastIndex { $0.text.contains(#""status":"alert""#) })
        let second = try #require(ones.firstIndex { $0.text.contains(#""status":"critical""#) })
        #expect(first < second)
        let place = try #require(receiver.received.firstIndex { $0.id == ones[second].id })
        let others = receiver.received.prefix(place).filter {
            !$0.text.contains(#""alert_id":"1""#)
        }
        #expect(others.count == 4)
    }

    @Test func `hears the newest at once where the older messages are too old`() async throws {
        var limits = ControlStore.Limits()
        limits.supersedeMilliseconds = 0
        let receiver = try await Receiver([.ok])
        let deliveries = try Deliveries([receiver.host], store: limits)
        try await deliveries.add("a", receiver.url)
        try await deliveries.commit(1...1)
        try await deliveries.commit(1...1, from: "alert", to: "critical")
        try await deliveries.commit(1...1, from: "critical", to: "on_target")
        try await deliveries.run {
            try await expectEventually { try await deliveries.states("a").last == .delivered }
        }
        #expect(try await deliveries.states("a") == [.superseded, .superseded, .delivered])
        #expect(receiver.received.count == 1)
        #expect(receiver.received.first?.text.contains("kpi.resolved") == true)
    }

    @Test(arguments: [Reply.never, .drip, .status(500), .hangUp])
    func `that is dead delays no other`(reply: Reply) async throws {
        let dead = try await Receiver([reply])
        let alive = try await Receiver([.ok])
        var deliveries = try Deliveries([dead.host, alive.host])
        deliveries.limits.attemptMillisecondsMax = 600_000
        let all = deliveries
        try await all.add("dead", dead.url)
        try await all.add("alive", alive.url)
        try await all.commit(1...200)
        try await all.run {
            try await expectEventually { alive.received.count == 200 }
        }
        #expect(Set(alive.ids).count == 200)
        #expect(dead.received.count < 200 * 4)
    }

    @Test func `is sent ten thousand messages that wait, each once`() async throws {
        let receiver = try await Receiver([.ok])
        let deliveries = try Deliveries([receiver.host])
        try await deliveries.add("a", receiver.url)
        try await deliveries.commit(1...10_000)
        try await deliveries.run {
            try await expectEventually(withinSeconds: 300) {
                try await deliveries.store.outbox.counts() == [.delivered: 10_000]
            }
        }
        #expect(receiver.received.count == 10_000 && Set(receiver.ids).count == 10_000)
        #expect(receiver.connections < 100)
    }

    @Test func `as a watchdog hears that the server lives`() async throws {
        let receiver = try await Receiver([.status(500), .ok])
        var deliveries = try Deliveries([receiver.host])
        deliveries.limits.watchdogMilliseconds = 20
        let all = deliveries
        try await all.add("a", receiver.url, watchdog: true)
        try await all.run {
            try await expectEventually { receiver.received.count >= 3 }
        }
        #expect(receiver.received.allSatisfy { $0.text.hasPrefix(#"{"type":"watchdog""#) })
        #expect(Set(receiver.ids).count == receiver.received.count)
        #expect(all.reports.texts.first?.contains("the watchdog was not heard") == true)
    }

    @Test func `that is an Alertmanager hears again of what fires, until it ends`() async throws {
        let receiver = try await Receiver([.ok])
        var deliveries = try Deliveries([receiver.host])
        deliveries.limits.resendMilliseconds = 20
        let all = deliveries
        try await all.add("a", "http://\(receiver.host)", format: "alertmanager-api")
        try await all.commit(1...2)
        try await all.run {
            try await expectEventually { receiver.received.count >= 5 }
            try await all.commit(1...2, from: "alert", to: "on_target")
            try await expectEventually { try await all.store.outbox.toldFiring("a").isEmpty }
        }
        #expect(receiver.received.allSatisfy { $0.target == "/api/v2/alerts" })
        #expect(receiver.received[4].text.components(separatedBy: "startsAt").count == 3)
    }

    @Test func `that is removed or moved is not sent to any more`() async throws {
        let (first, second) = (try await Receiver([.status(500)]), try await Receiver([.ok]))
        var deliveries = try Deliveries([first.host, second.host])
        deliveries.limits.retryMilliseconds = Array(repeating: 20, count: 1_000)
        let all = deliveries
        func entry(_ url: String) -> WebhookRow {
            WebhookRow(
                id: "a", url: url, format: "standard", secrets: [Deliveries.secret],
                isFromFile: true, createdAt: Deliveries.now())
        }
        _ = try await all.store.setWebhooks(fromFile: [entry(first.url)])
        try await all.commit(1...1)
        try await all.run {
            try await expectEventually { first.received.count >= 2 }
            _ = try await all.store.setWebhooks(fromFile: [entry(second.url)])
            try await expectEventually { try await all.states("a") == [.delivered] }
            _ = try await all.store.setWebhooks(fromFile: [])
            #expect(try await all.states("a") == [])
        }
        #expect(second.ids == [first.ids[0]])
    }
}
