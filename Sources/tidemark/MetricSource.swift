internal import ArgumentParser
internal import Daemon
internal import Foundation

/// In which form buckets are asked for: as `GET /metrics?format=` names them.
enum AnswerFormat: String, Sendable {
    case json, csv
    /// A line of JSON a series.
    case lines = "ndjson"
}

/// Where a verb reads metrics from. A folder gives the very bytes that its server would.
protocol MetricSource: Sendable {
    /// `GET /metrics/names`
    func names() async throws -> [UInt8]
    /// `GET /metrics`, bytes after bytes.
    func answer(
        _ ask: MetricAsk, as format: AnswerFormat, _ take: ([UInt8]) throws -> Void
    ) async throws
    func close() async
}

/// `--url` and `--token`, or `--data`
struct MetricPlaceOptions: ParsableArguments {
    @Option(help: "The server. (default: $TIDEMARK_URL, or http://127.0.0.1:4000)")
    var url: String?

    @Option(help: "The access token. (default: $TIDEMARK_TOKEN)")
    var token: String?

    @Option(
        help: "Read this data folder, also one in use, instead of asking a server.",
        completion: .directory)
    var data: String?

    /// Gives a source to `body` and closes it.
    /// - Parameter ask: what will be asked; nil for names alone.
    func withSource(
        for ask: MetricAsk?, _ body: (any MetricSource) async throws -> Void
    ) async throws {
        let source = try await source(for: ask)
        do {
            try await body(source)
        } catch {
            await source.close()
            throw error
        }
        await source.close()
    }

    private func source(for ask: MetricAsk?) async throws -> any MetricSource {
        let environment = ProcessInfo.processInfo.environment
        guard let data else {
            let address = url ?? environment["TIDEMARK_URL"] ?? "http://127.0.0.1:4000"
            return ServerMetrics(
                try ServerClient(url: address, token: token ?? environment["TIDEMARK_TOKEN"]))
        }
        guard url == nil else {
            throw CommandFailure(message: "--url and --data cannot go together", exitCode: 2)
        }
        return try await FolderMetrics(folder: data, ask, now: Daemon.now())
    }
}
