internal import ArgumentParser
internal import Foundation

/// `--url` and `--token`
struct ServerOptions: ParsableArguments {
    @Option(help: "The server. (default: $TIDEMARK_URL, or http://127.0.0.1:4000)")
    var url: String?

    @Option(help: "The access token. (default: $TIDEMARK_TOKEN)")
    var token: String?

    /// A whole answer.
    func answer<Value: Decodable>(
        _ method: String, _ path: String, _ items: [URLQueryItem] = [], body: [UInt8] = [],
        as type: Value.Type
    ) async throws -> Value {
        var bytes: [UInt8] = []
        try await pieces(method, path, items, body, type: "application/json") { bytes += $0 }
        return try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// An answer of lines, as they come.
    func lines(
        _ method: String, _ path: String, _ items: [URLQueryItem], _ body: [UInt8],
        _ take: (ArraySlice<UInt8>) throws -> Void
    ) async throws {
        var rest: [UInt8] = []
        try await pieces(method, path, items, body, type: "application/x-ndjson") { piece in
            rest += piece
            while let end = rest.firstIndex(of: 0x0A) {
                try take(rest[..<end])
                rest.removeFirst(end + 1)
            }
        }
    }

    private func pieces(
        _ method: String, _ path: String, _ items: [URLQueryItem], _ body: [UInt8], type: String,
        _ take: ([UInt8]) throws -> Void
    ) async throws {
        let environment = ProcessInfo.processInfo.environment
        let client = try ServerClient(
            url: url ?? environment["TIDEMARK_URL"] ?? "http://127.0.0.1:4000",
            token: token ?? environment["TIDEMARK_TOKEN"])
        do {
            try await client.send(method, path, items, body: body, type: type, take)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }
}
