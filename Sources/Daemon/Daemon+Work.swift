public import Logging
internal import ServiceLifecycle

extension Daemon {
    /// Serves for as long as some work with the server takes.
    /// - Parameter work: is given the server's address.
    public static func serve<Value: Sendable>(
        _ settings: Settings, logger: Logger,
        for work: @escaping @Sendable (String) async throws -> Value
    ) async throws -> Value {
        let (addresses, address) = AsyncStream.makeStream(of: String.self)
        let (results, result) = AsyncStream.makeStream(of: Result<Value, any Error>.self)
        let service = Work(addresses: addresses) { address in
            do {
                result.yield(.success(try await work(address)))
            } catch {
                result.yield(.failure(error))
            }
        }
        try await run(settings, logger: logger, work: service) { address.yield($0) }
        result.finish()
        for await result in results { return try result.get() }
        throw CancellationError()
    }
}

/// Something to be done while the server runs.
private struct Work: Service {
    let addresses: AsyncStream<String>
    let body: @Sendable (String) async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await address in addresses { return await body(address) }
        }
    }
}
