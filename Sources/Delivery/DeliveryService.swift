public import ServiceLifecycle
public import Storage
public import TimeSeries

/// Delivers what the outbox holds: a courier for each webhook.
public final class DeliveryService: Service {
    private let store: ControlStore
    private let messenger: Messenger
    private let chance: @Sendable () -> Double
    private let report: @Sendable (_ webhook: String, _ words: String) -> Void

    /// - Parameters:
    ///   - userAgent: what receivers are told of who sends.
    ///   - chance: from 0 to 1, for the jitter.
    ///   - report: hears of what goes wrong, for the operator.
    public init(
        _ store: ControlStore, limits: DeliveryLimits, rules: AddressRules, resolver: Resolver,
        userAgent: String, now: @escaping @Sendable () -> Timestamp,
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        report: @escaping @Sendable (_ webhook: String, _ words: String) -> Void
    ) {
        self.store = store
        self.chance = chance
        self.report = report
        messenger = Messenger(
            limits: limits, rules: rules, resolver: resolver, userAgent: userAgent, now: now)
    }

    public var limits: DeliveryLimits { messenger.limits }

    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.deliver() }
    }

    private func deliver() async {
        await withDiscardingTaskGroup { group in
            var couriers: [String: Courier] = [:]
            await renew(&couriers, &group)
            for await _ in store.changes { await renew(&couriers, &group) }
            group.cancelAll()
        }
    }

    /// One courier for each enabled webhook as it is now.
    private func renew(
        _ couriers: inout [String: Courier], _ group: inout DiscardingTaskGroup
    ) async {
        let webhooks: [WebhookRow]
        do throws(StorageError) {
            webhooks = try await store.webhooks().filter { $0.disabledReason == nil }
        } catch {
            // Those that are known go on; the next change asks again.
            if !Task.isCancelled { report("all", "cannot read the webhooks: \(error)") }
            return couriers.values.forEach { $0.look() }
        }
        let wanted = Dictionary(uniqueKeysWithValues: webhooks.map { ($0.id, $0) })
        for (id, courier) in couriers where wanted[id] != courier.webhook {
            courier.stop()
            couriers[id] = nil
        }
        for webhook in webhooks {
            if let courier = couriers[webhook.id] {
                courier.look()
                continue
            }
            let report = report
            let courier = Courier(
                webhook, outbox: store.outbox, messenger: messenger, chance: chance
            ) { report(webhook.id, $0) }
            couriers[webhook.id] = courier
            group.addTask { await courier.run() }
        }
    }

    /// Sends a test message, once. A webhook that was disabled is enabled again if it takes it.
    public func test(_ webhook: WebhookRow) async throws(StorageError) -> AttemptResult {
        let clients = PinnedClients(limits: messenger.limits)
        let now = messenger.now()
        let result = await messenger.send(
            .test, id: MessageName.once(now), to: webhook, attempt: 0, by: clients)
        await clients.close()
        if result.trouble == nil, webhook.disabledReason != nil {
            try await store.setDisabled(webhook.id, reason: nil, at: now)
        }
        return result
    }
}
