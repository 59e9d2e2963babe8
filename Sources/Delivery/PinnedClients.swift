internal import AsyncHTTPClient
internal import NIOCore

/// HTTP clients of one webhook, each of which dials one address that was checked, whatever the name's
/// servers say by then. The name stays in `Host` and in what TLS verifies.
actor PinnedClients {
    private struct Entry {
        let client: HTTPClient
        var users: Int
    }

    private struct Pin: Hashable {
        let host: String
        let address: IPAddress
    }

    private let limits: DeliveryLimits
    private var entries: [Pin: Entry] = [:]

    init(limits: DeliveryLimits) {
        self.limits = limits
    }

    /// Lends a client for one request.
    func use<Value: Sendable>(
        _ host: String, at address: IPAddress,
        _ body: @Sendable (HTTPClient) async -> Value
    ) async -> Value {
        let pin = Pin(host: host, address: address)
        let client = entries[pin]?.client ?? make(pin)
        entries[pin, default: Entry(client: client, users: 0)].users += 1
        let value = await body(client)
        entries[pin]?.users -= 1
        await closeAllButLatest(pin)
        return value
    }

    func close() async {
        let all = entries.values.map(\.client)
        entries = [:]
        for client in all { try? await client.shutdown() }
    }

    private func closeAllButLatest(_ latest: Pin) async {
        for (pin, entry) in entries where pin != latest && entry.users == 0 {
            entries[pin] = nil
            try? await entry.client.shutdown()
        }
    }

    private func make(_ pin: Pin) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.dnsOverride = [pin.host: pin.address.text]
        configuration.timeout.connect = .milliseconds(Int64(limits.connectMillisecondsMax))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
            limits.attemptsAtOnceMax
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
