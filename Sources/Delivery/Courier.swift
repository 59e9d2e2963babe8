internal import Storage
internal import Synchronization
internal import TimeSeries

/// Delivers to one webhook, whatever the others do: its messages in their order, some of them at once.
final class Courier: Sendable {
    /// The clock may be set: so long at most it is trusted.
    private static let waitMillisecondsMax: Int64 = 60_000

    private struct State {
        var inFlight: Set<Int64> = []
        var pausedUntil: Timestamp?
        var isStopped = false
    }

    let webhook: WebhookRow
    private let outbox: Outbox
    private let messenger: Messenger
    private let chance: @Sendable () -> Double
    private let report: @Sendable (String) -> Void
    private let clients: PinnedClients
    private let wake = WakeSignal()
    private let state = Mutex(State())

    init(
        _ webhook: WebhookRow, outbox: Outbox, messenger: Messenger,
        chance: @escaping @Sendable () -> Double, report: @escaping @Sendable (String) -> Void
    ) {
        self.webhook = webhook
        self.outbox = outbox
        self.messenger = messenger
        self.chance = chance
        self.report = report
        clients = PinnedClients(limits: messenger.limits)
    }

    /// There may be something to do.
    func look() { wake.raise() }

    /// Makes `run` end; what is under way is broken off, and stays in the outbox.
    func stop() {
        state.withLock { $0.isStopped = true }
        wake.raise()
    }

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.deliver() }
            if webhook.isWatchdog { group.addTask { await self.watch() } }
            if WebhookFormat(rawValue: webhook.format)?.wantsResending == true {
                group.addTask { await self.resend() }
            }
            await group.next()
            group.cancelAll()
        }
        await clients.close()
    }

    private func deliver() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled, !state.withLock({ $0.isStopped }) {
                let wait = await round(&group)
                await wake.wait(milliseconds: min(wait, Self.waitMillisecondsMax))
            }
            group.cancelAll()
        }
    }

    /// Begins what is due.
    /// - Returns: for how long there is nothing to do, unless something happens.
    private func round(_ group: inout DiscardingTaskGroup) async -> Int64 {
        let now = messenger.now()
        let (inFlight, pausedUntil) = state.withLock { ($0.inFlight, $0.pausedUntil) }
        if let pausedUntil, pausedUntil > now {
            return pausedUntil.milliseconds - now.milliseconds
        }
        let room = messenger.limits.attemptsAtOnceMax - inFlight.count
        guard room > 0 else { return Self.waitMillisecondsMax }
        do throws(StorageError) {
            let due = try await outbox.due(webhook.id, at: now, limit: room, except: inFlight)
            for delivery in due {
                state.withLock { _ = $0.inFlight.insert(delivery.delivery.id) }
                group.addTask { await self.attempt(delivery) }
            }
            guard due.count < room else { return Self.waitMillisecondsMax }
            let busy = inFlight.union(due.map(\.delivery.id))
            guard let next = try await outbox.nextTime(webhook.id, except: busy) else {
                return Self.waitMillisecondsMax
            }
            return max(0, next.milliseconds - now.milliseconds)
        } catch {
            report("cannot read what is to be delivered: \(error)")
            return messenger.limits.throttleMilliseconds
        }
    }

    private func attempt(_ due: DueDelivery) async {
        let delivery = due.delivery
        let result = await messenger.send(
            .transition(due.transition, due.episode), id: delivery.messageID, to: webhook,
            attempt: delivery.attempts, by: clients)
        // Broken off by a shutdown: it says nothing about the receiver.
        guard !Task.isCancelled else { return }
        let now = messenger.now()
        let decision = RetryPolicy(limits: messenger.limits).decision(
            result, attempts: delivery.attempts + 1, at: now, chance: chance())
        var pause = decision.pausedUntil
        do throws(StorageError) {
            try await outbox.note([
                DeliveryOutcome(
                    delivery: delivery.id, decision.verdict, at: now, status: decision.status,
                    error: decision.error)
            ])
        } catch {
            report("cannot note what was delivered: \(error)")
            // Else it would be sent again and again.
            pause = now.advanced(byMilliseconds: messenger.limits.throttleMilliseconds)
        }
        if decision.verdict == .failed || decision.verdict == .gone {
            report("gave up delivery \(delivery.id): \(decision.error ?? "")")
        }
        finish(delivery.id, pause)
    }

    private func finish(_ delivery: Int64, _ pause: Timestamp?) {
        state.withLock { state in
            state.inFlight.remove(delivery)
            if let pause { state.pausedUntil = max(pause, state.pausedUntil ?? pause) }
        }
        wake.raise()
    }
}

// MARK: Signs of life

extension Courier {
    /// A sign of life is worth nothing later: it is tried once, and not kept.
    private func watch() async {
        let interval = messenger.limits.watchdogMilliseconds
        while !Task.isCancelled {
            let result = await send(.watchdog)
            if let trouble = result.trouble { report("the watchdog was not heard: \(trouble)") }
            try? await Task.sleep(for: .milliseconds(interval))
        }
    }

    private func resend() async {
        let interval = messenger.limits.resendMilliseconds
        while (try? await Task.sleep(for: .milliseconds(interval))) != nil {
            do throws(StorageError) {
                let firing = try await outbox.toldFiring(webhook.id)
                guard !firing.isEmpty else { continue }
                let result = await send(.firing(firing))
                if let trouble = result.trouble {
                    report("alerts that fire were not sent again: \(trouble)")
                }
            } catch {
                report("cannot read what fires: \(error)")
            }
        }
    }

    private func send(_ message: Message) async -> AttemptResult {
        await messenger.send(
            message, id: MessageName.once(messenger.now()), to: webhook, attempt: 0, by: clients)
    }
}

extension AttemptResult {
    /// What went wrong; nil for a success.
    var trouble: String? {
        switch self {
        case .answered(let status, _, _) where (200..<300).contains(status): nil
        case .answered(let status, _, _): "it answered \(status)"
        case .failed(let error): error
        }
    }
}

/// `webhook-id` of what is sent once and not kept.
enum MessageName {
    static func once(_ now: Timestamp) -> String {
        "msg_" + String(now.milliseconds, radix: 36)
            + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
