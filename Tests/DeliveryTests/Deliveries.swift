import Delivery
import Foundation
import Storage
import Synchronization
import Testing
import TestSupport
import TimeSeries

/// A store with a delivery service beside it, on a clock that runs as the real one does.
struct Deliveries {
    let folder: ScratchFolder
    let store: ControlStore
    let reports = Reports()
    var limits = DeliveryLimits()
    var rules: AddressRules
    var resolver = Resolver { _ in [] }

    final class Reports: Sendable {
        private let all = Mutex<[String]>([])
        var texts: [String] { all.withLock { $0 } }
        func add(_ text: String) { all.withLock { $0.append(text) } }
    }

    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    init(
        _ hosts: [String], folder: ScratchFolder? = nil, store: ControlStore.Limits = .init()
    ) throws {
        let folder = try folder ?? ScratchFolder()
        self.folder = folder
        self.store = try ControlStore(folder: folder.path, limits: store)
        rules = AddressRules(allowHosts: hosts)
        limits.retryMilliseconds = [0, 50, 50, 50]
        limits.throttleMilliseconds = 50
        limits.attemptMillisecondsMax = 2_000
        limits.connectMillisecondsMax = 1_000
    }

    static func now() -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    var service: DeliveryService {
        DeliveryService(
            store, limits: limits, rules: rules, resolver: resolver,
            userAgent: "Tidemark/test", now: Self.now, chance: { 0 },
            report: { [reports] in reports.add("\($0): \($1)") })
    }

    func add(
        _ id: String, _ url: String, format: String = "standard", watchdog: Bool = false
    ) async throws {
        _ = try await store.add(
            WebhookRow(
                id: id, url: url, format: format, secrets: [Self.secret], isWatchdog: watchdog,
                createdAt: Self.now()))
    }

    /// Runs the service for as long as `body` takes.
    func run(_ body: () async throws -> Void) async throws {
        let service = service
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    /// One transition for each of these episodes, in one judgement.
    @discardableResult
    func commit(
        _ episodes: some Sequence<Int64>, from: String = "on_target", to: String = "alert",
        kpi: String = "db_write_time"
    ) async throws -> [Int64] {
        let last = try await store.restore().lastTick
        let now = Self.now()
        let tick = max(now, last?.advanced(byMilliseconds: 1) ?? now)
        var judgement = Judgement(tick: tick)
        for id in episodes {
            let isOver = to == "on_target"
            let tags = #"{"source_app":"web"}"#
            judgement.episodes.append(
                EpisodeRow(
                    id: id, kpi: kpi, tags: tags, level: to == "critical" ? .critical : .alert,
                    state: isOver ? .resolved : .firing, startedAt: tick,
                    endedAt: isOver ? tick : nil, query: ""))
            judgement.transitions.append(
                TransitionRow(
                    episode: id, kpi: kpi, tags: tags, at: tick, from: from, to: to,
                    type: isOver ? "kpi.resolved" : "kpi." + to, value: "21.5",
                    logID: EventID(1), notifies: true,
                    body: Array(
                        #"{"alert_id":"\#(id)","status":"\#(to)","unit":"ms","url":"http://t/x"}"#
                            .utf8)))
        }
        return try await store.commit(judgement)
    }

    func states(_ webhook: String) async throws -> [DeliveryRow.State] {
        try await store.outbox.deliveries(of: webhook, limit: 20_000).map(\.state).reversed()
    }
}

/// Waits for a condition, asking again and again, up to a deadline.
func expectEventually(
    withinSeconds seconds: Double = 30, _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("it did not come true", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
