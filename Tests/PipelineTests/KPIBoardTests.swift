import Foundation
import KPI
import Storage
import TestSupport
import class TestSupport.ScratchFolder
import Testing
import TimeSeries

@testable import Pipeline

private func units(_ number: Int64) -> Quantity { Quantity(parts: Int128(number) * 1_000_000) }

private func tick(_ minute: Int64) -> Timestamp { Timestamp(milliseconds: minute * 60_000) }

private func definition(_ name: String = "k", groupBy: [String] = []) -> KPIDefinition {
    var kpi = KPIDefinition(name: name, source: .metric("m", .max), alert: units(200))
    kpi.critical = units(500)
    kpi.groupBy = groupBy
    kpi.labels = ["team": "a\"b"]
    kpi.text = "It is quick."
    return kpi
}

private func reading(_ values: [String: Int64]) -> KPIReadings {
    KPIReadings(groups: values.mapValues { .value(units($0)) }, unit: "ms")
}

private let web = #"{"source_app":"web"}"#

/// A board that is told readings, minute by minute.
private struct Board {
    var board: KPIBoard
    var minute: Int64 = 0
    var silences: [SilenceRow] = []

    init(_ kpis: [KPIDefinition] = [definition()], _ stored: RestoredJudging? = nil) {
        board = KPIBoard(kpis, restoring: stored ?? RestoredJudging(nextEpisode: 1))
    }

    mutating func judge(_ readings: [String: KPIReadings], groupsMax: Int = 100) -> Judgement {
        minute += 1
        return board.judge(
            readings, at: tick(minute), through: EventID(7), silences: silences,
            groupsMax: groupsMax)
    }
}

@Suite struct `A tick's judgement` {
    @Test func `has an episode from the first breach to its end`() throws {
        var board = Board()
        let calm = board.judge(["k": reading(["{}": 50])])
        #expect(calm.transitions.isEmpty && calm.episodes.isEmpty && calm.states.count == 1)
        let opened = board.judge(["k": reading(["{}": 300])])
        #expect(opened.transitions.map(\.type) == ["kpi.alert"])
        let first = try #require(opened.episodes.first)
        #expect(first.id == 1 && first.state == .firing && first.level == .alert)
        #expect(first.peak == "300" && first.startedAt == tick(2))
        let risen = board.judge(["k": reading(["{}": 900])])
        #expect(risen.transitions.map(\.type) == ["kpi.critical"])
        #expect(risen.episodes.map(\.level) == [.critical] && risen.episodes[0].peak == "900")
        let ended = board.judge(["k": reading(["{}": 10])])
        #expect(ended.transitions.map(\.type) == ["kpi.resolved"])
        let last = try #require(ended.episodes.first)
        #expect(last.id == 1 && last.state == .resolved && last.endedAt == tick(4))
        #expect(last.level == .critical && last.peak == "900")
        #expect(ended.transitions.map(\.episode) == [1])
        let again = board.judge(["k": reading(["{}": 300])])
        #expect(again.episodes.map(\.id) == [2])
    }

    @Test func `tells all that a receiver wants`() throws {
        var board = Board([definition(groupBy: ["source_app"])])
        let judgement = board.judge(["k": reading([web: 300])])
        let body = try #require(judgement.transitions.first?.body)
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        #expect(json["alert_id"] as? Int == 1 && json["kpi"] as? String == "k")
        #expect(json["status"] as? String == "alert")
        #expect(json["previous_status"] as? String == "on_target")
        #expect(json["value"] as? Int == 300 && json["unit"] as? String == "ms")
        let thresholds = try #require(json["thresholds"] as? [String: Any])
        #expect(thresholds["target"] is NSNull && thresholds["alert"] as? Int == 200)
        #expect(json["tags"] as? [String: String] == ["source_app": "web"])
        #expect(json["labels"] as? [String: String] == ["team": "a\"b"])
        #expect(json["started_at"] as? String == "1970-01-01T00:01:00.000Z")
        #expect(json["url"] as? String == "/alerts/1")
        #expect(
            json["query"] as? String
                == "/events?order=asc&from=1969-12-31T23:56:00.000Z&source_app=web")
    }

    @Test func `keeps what is silenced from webhooks, by KPI, level and tags`() {
        var board = Board([definition(groupBy: ["source_app"])])
        func silence(_ matcher: String, until minute: Int64) -> SilenceRow {
            SilenceRow(
                matcher: matcher, until: tick(minute), by: "me", comment: "", createdAt: tick(0))
        }
        let api = #"{"source_app":"api"}"#
        board.silences = [
            silence(#"{"tags":{"source_app":"web"}}"#, until: 3),
            silence(#"{"kpi":"other"}"#, until: 99), silence("damaged", until: 99),
        ]
        let first = board.judge(["k": reading([web: 300, api: 300])])
        #expect(first.transitions.map(\.silenced) == [false, true])
        board.silences.append(silence(#"{"kpi":"k","level":"critical"}"#, until: 99))
        let second = board.judge(["k": reading([web: 10, api: 900])])
        #expect(second.transitions.map(\.silenced) == [true, true])
        // The first silence is over, and a calm alert is no critical one.
        let third = board.judge(["k": reading([web: 300, api: 900])])
        #expect(third.transitions.map(\.silenced) == [false])
    }

    @Test func `has no more groups than are allowed, and those that it had`() {
        var board = Board([definition(groupBy: ["n"])])
        let few = (0..<3).map { ("{\"n\":\"\($0 + 5)\"}", Int64(1)) }
        let many = (0..<9).map { ("{\"n\":\"\($0)\"}", Int64(1)) }
        _ = board.judge(["k": reading(Dictionary(uniqueKeysWithValues: few))], groupsMax: 5)
        _ = board.judge(["k": reading(Dictionary(uniqueKeysWithValues: many))], groupsMax: 5)
        #expect(
            board.board.groups.keys.map(\.tags).sorted()
                == [0, 1, 5, 6, 7].map { "{\"n\":\"\($0)\"}" })
    }

    @Test func `forgets a group whose series has gone`() {
        var kpi = definition(groupBy: ["source_app"])
        kpi.noDataMillisecondsMax = 120_000
        var board = Board([kpi])
        _ = board.judge(["k": reading([web: 1])])
        for _ in 0..<2 { #expect(board.judge(["k": reading([:])]).removedStates.isEmpty) }
        #expect(board.judge(["k": reading([:])]).removedStates.map(\.tags) == [web])
        #expect(board.board.groups.isEmpty)
    }

    @Test func `has a group of the series without the tag, like any other`() {
        var board = Board([definition(groupBy: ["source_app"])])
        let opened = board.judge(["k": reading(["{}": 300, web: 1])])
        #expect(opened.transitions.map(\.type) == ["kpi.alert"] && opened.removedStates.isEmpty)
        let later = board.judge(["k": reading(["{}": 300, web: 1])])
        #expect(later.transitions.isEmpty && later.removedStates.isEmpty)
        #expect(board.board.groups.keys.map(\.tags).sorted() == [web, "{}"].sorted())
    }

    @Test func `ends groups that a KPI is no longer split into`() {
        var board = Board([definition(groupBy: ["source_app"])])
        _ = board.judge(["k": reading(["{}": 300, web: 300])])
        board.board.replace([definition()])
        let judgement = board.judge(["k": reading(["{}": 300])])
        #expect(judgement.removedStates.map(\.tags) == [web])
        #expect(judgement.transitions.map(\.type) == ["kpi.expired"])
        board.board.replace([definition(groupBy: ["tool"])])
        let tool = #"{"tool":"Bash"}"#
        #expect(board.judge(["k": reading([tool: 1])]).removedStates.isEmpty)
        board.board.replace([definition(groupBy: ["source_app"])])
        #expect(board.judge(["k": reading([web: 1])]).removedStates.map(\.tags) == [tool])
    }

    @Test func `ends what is not defined any more`() {
        var board = Board([definition("a"), definition("b")])
        _ = board.judge(["a": reading(["{}": 300]), "b": reading(["{}": 1])])
        board.board.replace([])
        let judgement = board.judge([:])
        #expect(judgement.transitions.map(\.type) == ["kpi.expired"])
        #expect(judgement.episodes.map(\.state) == [.expired])
        #expect(judgement.removedStates.map(\.kpi) == ["a", "b"])
    }

    @Test func `leaves alone what could not be read`() {
        var board = Board([definition("a"), definition("b")])
        _ = board.judge(["a": reading(["{}": 300]), "b": reading(["{}": 300])])
        let judgement = board.judge(["a": reading(["{}": 10])])
        #expect(judgement.transitions.map(\.kpi) == ["a"])
        #expect(board.board.groups[.init(kpi: "b", tags: "{}")]?.machine.phase == .alert)
    }

    @Test(arguments: seeds(10, long: 300))
    func `goes on from what is stored as if nothing had happened`(seed: UInt64) async throws {
        let folder = try ScratchFolder()
        var random = SplitMix64(seed: seed)
        let kpis = [definition("a"), definition("b", groupBy: ["source_app"])]
        var kept = Board(kpis)
        for _ in 0..<15 {
            let store = try ControlStore(folder: folder.path)
            var other = Board(kpis, try await store.restore())
            other.minute = kept.minute
            for _ in 0..<3 {
                var readings: [String: KPIReadings] = [:]
                var groups: [String: KPIReading] = [:]
                for app in 0..<3 where !random.isOnce(in: 4) {
                    groups["{\"source_app\":\"\(app)\"}"] = .value(
                        units(random.pick([1, 300, 900])))
                }
                readings["b"] = KPIReadings(groups: groups, unit: "ms")
                readings["a"] =
                    random.isOnce(in: 4)
                    ? KPIReadings() : reading(["{}": random.pick([1, 300, 900])])
                let judgement = kept.judge(readings)
                #expect(other.judge(readings) == judgement)
                _ = try await store.commit(judgement)
            }
            try store.close()
        }
    }
}
