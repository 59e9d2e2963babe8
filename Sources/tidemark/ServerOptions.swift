internal import ArgumentParser
internal import Foundation
internal import NIOHTTP1

/// The server that is asked.
struct ServerOptions: ParsableArguments {
    @Option(help: "The server. (default: $TIDEMARK_URL, or http://127.0.0.1:4000)")
    var url: String?

    @Option(help: "The access token. (default: $TIDEMARK_TOKEN)")
    var token: String?

    /// Asks one thing.
    func ask(
        _ method: HTTPMethod, _ path: String, _ items: [URLQueryItem] = [],
        json: [UInt8]? = nil
    ) async throws -> [UInt8] {
        let environment = ProcessInfo.processInfo.environment
        let client = try ServerClient(
            url: url ?? environment["TIDEMARK_URL"] ?? "http://127.0.0.1:4000",
            token: token ?? environment["TIDEMARK_TOKEN"])
        do {
            let answer = try await client.ask(method, path, items, json: json)
            await client.close()
            return answer
        } catch {
            await client.close()
            throw error
        }
    }

    func ask<Answer: Decodable>(
        _ method: HTTPMethod, _ path: String, _ items: [URLQueryItem] = [],
        json: [UInt8]? = nil, as type: Answer.Type
    ) async throws -> Answer {
        let bytes = try await ask(method, path, items, json: json)
        guard let answer = try? JSONDecoder().decode(type, from: Data(bytes)) else {
            throw CommandFailure(
                message: "what answers there is no tidemark server of this version",
                hints: ["look at --url, and at TIDEMARK_URL"])
        }
        return answer
    }
}

/// Ids and numbers stand in paths.
struct PathPart: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        let isPlain = argument.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || Character(UnicodeScalar(byte)).isLetter && byte < 0x80
                || Character(UnicodeScalar(byte)).isNumber && byte < 0x80
        }
        guard isPlain, !argument.isEmpty else { return nil }
        text = argument
    }
}
