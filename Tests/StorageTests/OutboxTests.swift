import Storage
import Testing
import TestSupport
import TimeSeries

@Suite struct `The outbox` {
    private let folder: ScratchFolder
    private let store: ControlStore
    private var sample = SampleJudgements()

    init() throws {
        folder = try ScratchFolder()
        var limits = ControlStore.Limits()
        limits.supersedeMilliseconds = 6_000_000
        limits.outboxRowsMax = 5
        store = try folder.control(limits)
    }

    private func note(
        _ delivery: Int64, _ verdict: DeliveryOutcome.Verdict, status: Int? = nil
    ) async throws {
        try await store.outbox.note(
            [DeliveryOutcome(delivery: delivery, verdict, at: sample.tick, status: status)])
    }

    @Test(
        arguments: [
            (SampleJudgements.webhook("a"), ["alert", "critical", "alert", "on_target"]),
            (
                SampleJudgements.webhook("a", levels: ["critical"]),
                ["critical", "alert", "on_target"]
            ),
            (
                SampleJudgements.webhook("a", levels: ["alert"]),
                ["alert", "critical", "alert", "on_target"]
            ),
            (
                SampleJudgements.webhook("a", kpis: ["x", "db_write_time"], apps: ["web"]),
                ["alert", "critical", "alert", "on_target"]
            ),
            (SampleJudgements.webhook("a", kpis: ["memory"]), []),
            (SampleJudgements.webhook("a", apps: ["ios"]), []),
            (SampleJudgements.webhook("a", levels: ["no_data"]), []),
        ])
    mutating func `takes what a webhook is to be told`(
        webhook: WebhookRow, statuses: [String]
    ) async throws {
        _ = try await store.add(webhook)
        for (from, to) in [
            ("on_target", "alert"), ("alert", "critical"), ("critical", "alert"),
            ("alert", "on_target"),
        ] {
            _ = try await store.commit(sample.judgement((1, from, to)))
        }
        _ = try await store.commit(sample.judgement((2, "on_target", "alert"), notifies: false))
        _ = try await store.commit(sample.judgement((3, "on_target", "alert"), silenced: true))
        var told: [String] = []
        while let next = try await store.outbox.due("a").first {
            told.append(next.transition.to)
            try await note(next.delivery.id, .delivered)
        }
        #expect(told == statuses)
    }

    @Test mutating func `has one message for each webhook, with an id of its own`() async throws {
        _ = try await store.add(SampleJudgements.webhook("a"))
        _ = try await store.add(SampleJudgements.webhook("b"))
        _ = try await store.add(SampleJudgements.webhook("c"))
        try await store.setDisabled("c", reason: "410", at: sample.tick)
        let judgement = sample.judgement((1, "on_target", "alert"), (2, "on_target", "alert"))
        _ = try await store.commit(judgement)
        let other = try folder.inner().control()
        _ = try await other.add(SampleJudgements.webhook("a"))
        _ = try await other.commit(judgement)
        var ids: [String] = []
        for webhook in ["a", "b"] {
            let due = try await store.outbox.due(webhook)
            #expect(due.map(\.transition.seq) == [1, 2])
            #expect(due[0].transition.body == Array(#"{"alert_id":"1"}"#.utf8))
            #expect(due[0].episode == judgement.episodes[0])
            ids += due.map(\.delivery.messageID)
        }
        ids += try await other.outbox.due("a").map(\.delivery.messageID)
        #expect(Set(ids).count == 6)
        #expect(ids.allSatisfy { $0.hasPrefix("msg_") && $0.utf8.count == 36 })
        #expect(try await store.outbox.due("c") == [])
    }

    @Test mutating func `lets an alert's next message wait for the one before`() async throws {
        _ = try await store.add(SampleJudgements.webhook("a"))
        _ = try await store.commit(sample.judgement((1, "on_target", "alert")))
        _ = try await store.commit(sample.judgement((1, "alert", "critical")))
        _ = try await store.commit(sample.judgement((2, "on_target", "alert"), kpi: "memory"))
        let first = try await store.outbox.due("a")
        #expect(first.map(\.transition.to) == ["alert", "alert"])
        #expect(first.map(\.transition.episode) == [1, 2])
        let next = sample.tick.advanced(byMilliseconds: 5_000)
        try await note(first[0].delivery.id, .retry(at: next), status: 500)
        #expect(try await store.outbox.due("a", at: sample.tick, limit: 9, except: []).count == 1)
        let again = try await store.outbox.due("a", at: next, limit: 9, except: [])
        try #require(again.map(\.transition.episode) == [2, 1])
        #expect(again[1].delivery.attempts == 1 && again[1].delivery.lastStatus == 500)
        #expect(again[1].delivery.messageID == first[0].delivery.messageID)
        try await note(first[0].delivery.id, .delivered, status: 204)
        #expect(
            try await store.outbox.due("a").map(\.transition.to).sorted() == ["alert", "critical"])
    }

    @Test mutating func `passes over what is under way`() async throws {
        _ = try await store.add(SampleJudgements.webhook("a"))
        for number in 1...4 as ClosedRange<Int64> {
            _ = try await store.commit(sample.judgement((number, "on_target", "alert")))
        }
        let due = try await store.outbox.due(
            "a", at: sample.tick, limit: 2, except: [1, 2])
        #expect(due.map(\.delivery.id) == [3, 4])
        #expect(
            try await store.outbox.nextTime("a", except: [1, 2]) == due[0].delivery.createdAt)
        #expect(try await store.outbox.nextTime("a", except: [1, 2, 3, 4]) == nil)
    }

    @Test mutating func `gives up what newer messages have overtaken for too long`() async throws {
        _ = try await store.add(SampleJudgements.webhook("a"))
        for (from, to) in [
            ("on_target", "alert"), ("alert", "critical"), ("critical", "alert"),
            ("alert", "on_target"),
        ] {
            _ = try await store.commit(sample.judgement((1, from, to)))
        }
        let first = SampleJudgements.start.advanced(byMilliseconds: SampleJudgements.minute)
        let late = first.advanced(byMilliseconds: 20_000_000)
        try await note(1, .retry(at: late))
        // The head was made a minute in; its successors one, two and three minutes after it.
        let overtaken = first.advanced(byMilliseconds: 6_000_000)
        #expect(try await store.outbox.nextTime("a", except: []) == overtaken)
        #expect(try await store.outbox.nextTime("a", except: [1]) == nil)
        #expect(try await store.outbox.due("a", at: overtaken, limit: 9, except: [1]) == [])
        let second = try await store.outbox.due("a", at: overtaken, limit: 9, except: [])
        #expect(second.map(\.transition.to) == ["critical"])
        // Late enough for all: of those that wait, only the newest goes.
        let last = try await store.outbox.due("a", at: late, limit: 9, except: [])
        #expect(last.map(\.transition.to) == ["on_target"])
        let listed = try await store.outbox.deliveries(of: "a", limit: 9)
        #expect(listed.map(\.id) == [4, 3, 2, 1])
        #expect(listed.map(\.state) == [.pending, .superseded, .superseded, .superseded])
        // The newest is never given up for its age.
        try await note(4, .retry(at: late.advanced(byMilliseconds: 900_000_000)))
        #expect(
            try await store.outbox.nextTime("a", except: [])
                == late.advanced(byMilliseconds: 900_000_000))
    }

    @Test mutating func `sends no more to a webhook that is gone`() async throws {
        _ = try await store.add(SampleJudgements.webhook("a"))
        _ = try await store.add(SampleJudgements.webhook("b"))
        for number in 1...3 as ClosedRange<Int64> {
            _ = try await store.commit(sample.judgement((number, "on_target", "alert")))
        }
        try await note(1, .gone, status: 410)
        #expect(try await store.webhook("a")?.disabledReason?.contains("410") == true)
        #expect(try await store.outbox.due("a") == [])
        #expect(try await store.outbox.due("b").count == 3)
        #expect(try await store.outbox.retry(1, at: sample.tick) == .disabled)
        try await store.setDisabled("a", reason: nil, at: sample.tick)
        #expect(try await store.outbox.retry(1, at: sample.tick) == .scheduled)
        #expect(try await store.outbox.due("a").map(\.transition.seq) == [1])
    }

    @Test mutating func `tries again what has ended, if nothing of its alert is open`() async throws
    {
        _ = try await store.add(SampleJudgements.webhook("a"))
        _ = try await store.commit(sample.judgement((1, "on_target", "alert")))
        _ = try await store.commit(sample.judgement((1, "alert", "on_target")))
        try await note(1, .failed, status: 400)
        #expect(try await store.outbox.retry(1, at: sample.tick) == .underWay)
        #expect(try await store.outbox.retry(9, at: sample.tick) == .unknown)
        try await note(2, .retry(at: sample.tick.advanced(byMilliseconds: 90_000_000)))
        #expect(try await store.outbox.retry(2, at: sample.tick) == .scheduled)
        #expect(try await store.outbox.due("a").map(\.delivery.id) == [2])
        try await note(2, .delivered)
        let before = try #require(try await store.outbox.delivery(1))
        #expect(before.state == .failed && before.attempts == 1 && before.lastStatus == 400)
        #expect(try await store.outbox.retry(1, at: sample.tick) == .scheduled)
        let again = try #require(try await store.outbox.delivery(1))
        #expect(again.state == .pending && again.attempts == 0)
        #expect(again.messageID == before.messageID)
    }

    @Test mutating func `takes so many of a webhook, and fails the rest visibly`() async throws {
        _ = try await store.add(SampleJudgements.webhook("a"))
        for number in 1...7 as ClosedRange<Int64> {
            _ = try await store.commit(sample.judgement((number, "on_target", "alert")))
        }
        #expect(try await store.outbox.counts() == [.pending: 5, .failed: 2])
        #expect(try await store.outbox.delivery(7)?.lastError == "the outbox is full")
    }

    @Test mutating func `notes nothing of what has ended meanwhile`() async throws {
        _ = try await store.add(SampleJudgements.webhook("a"))
        _ = try await store.commit(sample.judgement((1, "on_target", "alert")))
        try await note(1, .delivered, status: 200)
        try await note(1, .retry(at: sample.tick), status: 500)
        #expect(try await store.outbox.delivery(1)?.state == .delivered)
        #expect(try await store.removeWebhook("a"))
        try await note(1, .delivered, status: 200)
        #expect(try await store.outbox.counts() == [:])
    }

    @Test mutating func `tells its listener of changes, of many at once`() async throws {
        for id in ["a", "b", "c"] { _ = try await store.add(SampleJudgements.webhook(id)) }
        _ = try await store.commit(sample.judgement((1, "on_target", "alert")))
        var changes = store.changes.makeAsyncIterator()
        #expect(await changes.next() != nil)
    }
}

@Suite struct `The webhooks of a file` {
    @Test func `are what the file says, and leave others alone`() async throws {
        let folder = try ScratchFolder()
        let store = try folder.control()
        func entry(_ id: String, _ url: String = "https://example.com") -> WebhookRow {
            var webhook = SampleJudgements.webhook(id)
            webhook.url = url
            webhook.isFromFile = true
            return webhook
        }
        _ = try await store.add(SampleJudgements.webhook("mine"))
        #expect(
            try await store.setWebhooks(fromFile: [entry("a"), entry("b"), entry("mine")])
                == ["mine"])
        #expect(try await store.webhooks().map(\.id) == ["a", "b", "mine"])
        var sample = SampleJudgements()
        _ = try await store.commit(sample.judgement((1, "on_target", "alert")))
        try await store.setDisabled("a", reason: "410", at: sample.tick)
        try await store.setDisabled("b", reason: "410", at: sample.tick)
        _ = try await store.setWebhooks(
            fromFile: [entry("a"), entry("b", "https://other.example.com")])
        #expect(try await store.webhook("a")?.disabledReason == "410")
        #expect(try await store.webhook("b")?.disabledReason == nil)
        #expect(try await store.outbox.deliveries(of: "a", limit: 9).count == 1)
        _ = try await store.setWebhooks(fromFile: [])
        #expect(try await store.webhooks().map(\.id) == ["mine"])
        #expect(try await !store.add(SampleJudgements.webhook("mine")))
    }
}
