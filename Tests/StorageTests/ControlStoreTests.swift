import Foundation
import GRDB
import Storage
import Testing
import TestSupport
import TimeSeries

@Suite struct `A judgement` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `is what the evaluation goes on from after a restart`() async throws {
        let store = try folder.control()
        #expect(try await store.restore() == RestoredJudging(nextEpisode: 1))
        var sample = SampleJudgements()
        let first = sample.judgement((1, "on_target", "alert"))
        let second = sample.judgement((2, "on_target", "critical"), kpi: "memory", tags: "{}")
        #expect(try await store.commit(first) == [1])
        #expect(try await store.commit(second) == [2])
        try store.close()
        let restored = try await folder.control().restore()
        #expect(restored.lastTick == second.tick && restored.nextEpisode == 3)
        #expect(restored.states == first.states + second.states)
        #expect(restored.episodes == first.episodes + second.episodes)
    }

    @Test func `takes away states, and ends episodes`() async throws {
        let store = try folder.control()
        var sample = SampleJudgements()
        _ = try await store.commit(sample.judgement((7, "on_target", "alert")))
        var last = sample.judgement((7, "alert", "on_target"))
        last.removedStates = [KPIStateRow.Key(kpi: SampleJudgements.kpi, tags: "{}")]
        last.removedStates.append(last.states[0].key)
        last.states = []
        _ = try await store.commit(last)
        let restored = try await store.restore()
        #expect(restored.states == [] && restored.episodes == [] && restored.nextEpisode == 8)
        let (episode, history) = try #require(try await store.episode(7))
        #expect(episode.state == .resolved && episode.endedAt == last.tick)
        #expect(history.map(\.to) == ["alert", "on_target"])
        #expect(history.map(\.seq) == [1, 2])
    }

    @Test func `is stored once: its tick is later than the stored one`() async throws {
        let store = try folder.control()
        var sample = SampleJudgements()
        let judgements = [
            sample.judgement((1, "on_target", "alert")), sample.judgement((1, "alert", "critical")),
        ]
        for judgement in judgements { _ = try await store.commit(judgement) }
        for judgement in judgements {
            #expect(await code { _ = try await store.commit(judgement) } == .conflict)
        }
        #expect(try await store.transitions(after: 0, limit: 9).count == 2)
    }

    @Test(arguments: [
        "INSERT ON deliveries", "INSERT ON transitions", "UPDATE ON control",
    ])
    func `that breaks off leaves nothing behind`(place: String) async throws {
        let store = try folder.control()
        var sample = SampleJudgements()
        _ = try await store.add(SampleJudgements.webhook("a"))
        let before = try await store.restore()
        let judgement = sample.judgement((1, "on_target", "alert"))
        try sql("CREATE TRIGGER crash BEFORE \(place) BEGIN SELECT RAISE(ABORT, 'crash'); END")
        #expect(await code { _ = try await store.commit(judgement) } == .conflict)
        #expect(try await store.restore() == before)
        #expect(try await store.transitions(after: 0, limit: 9) == [])
        #expect(try await store.outbox.counts() == [:])
        try sql("DROP TRIGGER crash")
        #expect(try await store.commit(judgement).count == 1)
        #expect(try await store.outbox.counts() == [.pending: 1])
    }

    @Test func `of an unknown episode is refused as a whole`() async throws {
        let store = try folder.control()
        var sample = SampleJudgements()
        var judgement = sample.judgement((1, "on_target", "alert"))
        judgement.episodes = []
        #expect(await code { _ = try await store.commit(judgement) } == .conflict)
        #expect(try await store.restore() == RestoredJudging(nextEpisode: 1))
    }

    @Test func `does not take back that somebody has seen the alert`() async throws {
        let store = try folder.control()
        var sample = SampleJudgements()
        _ = try await store.commit(sample.judgement((1, "on_target", "alert")))
        let at = sample.tick
        #expect(try await store.acknowledge(1, by: "ana", at: at)?.acknowledgedBy == "ana")
        #expect(
            try await store.acknowledge(1, by: "bo", at: at.advanced(byMilliseconds: 1))?
                .acknowledgedBy == "ana")
        #expect(try await store.acknowledge(2, by: "bo", at: at) == nil)
        _ = try await store.commit(sample.judgement((1, "alert", "on_target")))
        let episode = try #require(try await store.episode(1)).episode
        #expect(episode.acknowledgedBy == "ana" && episode.acknowledgedAt == at)
        #expect(episode.state == .resolved)
    }

    /// What a kill -9 leaves are the files as they are at that moment.
    @Test func `is there whole in the files as soon as it is stored`() async throws {
        let store = try folder.control()
        _ = try await store.add(SampleJudgements.webhook("a"))
        var sample = SampleJudgements()
        for number in 1...6 as ClosedRange<Int64> {
            let judgement = sample.judgement((number, "on_target", "alert"))
            _ = try await store.commit(judgement)
            let copy = try folder.inner()
            for name in ["control.sqlite", "control.sqlite-wal"] {
                try copy.write(folder.bytes(of: name), to: name)
            }
            let found = try copy.control()
            let restored = try await found.restore()
            #expect(restored.lastTick == judgement.tick && restored.nextEpisode == number + 1)
            #expect(restored.episodes.count == Int(number))
            let (mine, theirs) = (try await found.outbox.due("a"), try await store.outbox.due("a"))
            #expect(mine == theirs && mine.count == Int(number))
        }
    }

    @Test func `is found by its transitions' numbers`() async throws {
        let store = try folder.control()
        var sample = SampleJudgements()
        #expect(try await store.lastTransition() == 0)
        for number in 1...5 as ClosedRange<Int64> {
            _ = try await store.commit(sample.judgement((number, "on_target", "alert")))
        }
        #expect(try await store.transitions(after: 2, limit: 2).map(\.seq) == [3, 4])
        #expect(try await store.transitions(after: 5, limit: 2) == [])
        #expect(try await store.lastTransition() == 5)
    }

    @Test func `is found by its episodes, page by page, newest first`() async throws {
        let store = try folder.control()
        var sample = SampleJudgements()
        for number in 1...5 as ClosedRange<Int64> {
            _ = try await store.commit(sample.judgement((number, "on_target", "alert")))
        }
        _ = try await store.commit(sample.judgement((6, "on_target", "critical"), kpi: "memory"))
        _ = try await store.commit(sample.judgement((2, "alert", "on_target")))
        func ids(_ query: EpisodeQuery) async throws -> [Int64] {
            try await store.episodes(query).map(\.id)
        }
        #expect(try await ids(EpisodeQuery()) == [6, 5, 4, 3, 2, 1])
        #expect(try await ids(EpisodeQuery(state: .firing, limit: 3)) == [6, 5, 4])
        #expect(try await ids(EpisodeQuery(state: .firing, before: 4)) == [3, 1])
        #expect(try await ids(EpisodeQuery(state: .resolved)) == [2])
        #expect(try await ids(EpisodeQuery(kpi: "memory")) == [6])
        let start = SampleJudgements.start
        #expect(
            try await ids(
                EpisodeQuery(
                    from: start.advanced(byMilliseconds: 3 * SampleJudgements.minute),
                    to: start.advanced(byMilliseconds: 5 * SampleJudgements.minute))) == [4, 3])
    }

    @Test func `that is old goes, but not what still fires or is to be told`() async throws {
        var limits = ControlStore.Limits()
        limits.historyMilliseconds = 1_000
        limits.deliveriesMilliseconds = 500
        let store = try folder.control(limits)
        _ = try await store.add(SampleJudgements.webhook("a", kpis: ["memory"]))
        var sample = SampleJudgements()
        _ = try await store.commit(sample.judgement((1, "on_target", "alert")))
        _ = try await store.commit(sample.judgement((2, "on_target", "alert")))
        _ = try await store.commit(sample.judgement((2, "alert", "on_target")))
        _ = try await store.commit(sample.judgement((3, "on_target", "alert"), kpi: "memory"))
        _ = try await store.commit(sample.judgement((3, "alert", "on_target"), kpi: "memory"))
        _ = try await store.commit(sample.judgement((4, "on_target", "alert")))
        let later = sample.tick.advanced(byMilliseconds: 5_000)
        try await store.prune(later)
        #expect(try await store.episodes(EpisodeQuery()).map(\.id) == [4, 3, 1])
        #expect(try await store.transitions(after: 0, limit: 9).map(\.episode) == [1, 3, 3, 4])
        for _ in 0..<2 {
            let due = try await store.outbox.due("a", at: later, limit: 1, except: [])
            try await store.outbox.note(
                [DeliveryOutcome(delivery: due[0].delivery.id, .delivered, at: later)])
        }
        try await store.prune(later.advanced(byMilliseconds: 5_000))
        #expect(try await store.episodes(EpisodeQuery()).map(\.id) == [4, 1])
        #expect(try await store.outbox.counts() == [:])
        #expect(try await store.restore().nextEpisode == 5)
        #expect(try await store.commit(sample.judgement((5, "on_target", "alert"))) == [7])
    }

    private func sql(_ statement: String) throws {
        try DatabaseQueue(path: folder.path + "/control.sqlite").write {
            try $0.execute(sql: statement)
        }
    }
}

@Suite struct `A silence` {
    @Test func `is kept until it is removed, and its number is not used again`() async throws {
        let folder = try ScratchFolder()
        let store = try folder.control()
        let silence = SilenceRow(
            matcher: #"{"kpi":"memory"}"#, until: SampleJudgements.start, by: "ana",
            comment: "deploys", createdAt: SampleJudgements.start)
        let first = try await store.add(silence)
        let second = try await store.add(silence)
        #expect((first.id, second.id) == (1, 2))
        #expect(try await store.removeSilence(2))
        #expect(try await !store.removeSilence(2))
        #expect(try await store.add(silence).id == 3)
        #expect(try await store.silences().map(\.id) == [1, 3])
        #expect(try await store.silences()[0] == first)
    }
}
