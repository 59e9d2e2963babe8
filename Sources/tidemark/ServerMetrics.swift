internal import Foundation

/// Metrics of a running server.
struct ServerMetrics: MetricSource {
    private let client: ServerClient

    init(_ client: ServerClient) {
        self.client = client
    }

    func names() async throws -> [UInt8] {
        var names: [UInt8] = []
        try await client.get("/metrics/names", type: "application/json") { names += $0 }
        return names
    }

    func answer(
        _ ask: MetricAsk, as format: AnswerFormat, _ take: ([UInt8]) throws -> Void
    ) async throws {
        let items = ask.queryItems + [URLQueryItem(name: "format", value: format.rawValue)]
        try await client.get("/metrics", items, type: format.contentType, take)
    }

    func close() async {
        await client.close()
    }
}

extension AnswerFormat {
    fileprivate var contentType: String {
        switch self {
        case .json: "application/json"
        case .csv: "text/csv"
        case .lines: "application/x-ndjson"
        }
    }
}
