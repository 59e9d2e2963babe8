internal import Foundation

extension ServerOptions {
    /// An answer that goes on for ever, as it comes.
    /// - Parameter lastEventID: of server-sent events, behind which they go on.
    func pieces(
        _ path: String, type: String, lastEventID: String?, _ take: ([UInt8]) throws -> Void
    ) async throws {
        let environment = ProcessInfo.processInfo.environment
        let client = try ServerClient(
            url: url ?? environment["TIDEMARK_URL"] ?? "http://127.0.0.1:4000",
            token: token ?? environment["TIDEMARK_TOKEN"])
        var headers: [(String, String)] = []
        if let lastEventID { headers.append(("Last-Event-ID", lastEventID)) }
        do {
            try await client.send("GET", path, headers: headers, type: type, take)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }

    /// An answer of lines, as they come.
    func lines(
        _ method: String, _ path: String, _ items: [URLQueryItem], _ body: [UInt8],
        _ take: (ArraySlice<UInt8>) throws -> Void
    ) async throws {
        let environment = ProcessInfo.processInfo.environment
        let client = try ServerClient(
            url: url ?? environment["TIDEMARK_URL"] ?? "http://127.0.0.1:4000",
            token: token ?? environment["TIDEMARK_TOKEN"])
        var rest: [UInt8] = []
        do {
            try await client.send(
                method, path, items, body: body, type: "application/x-ndjson"
            ) { piece in
                rest += piece
                while let end = rest.firstIndex(of: 0x0A) {
                    try take(rest[..<end])
                    rest.removeFirst(end + 1)
                }
            }
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }
}
