internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1

/// Questions to a running server.
struct ServerClient: Sendable {
    private let base: URLComponents
    private let token: String?
    private let client: HTTPClient
    private static let faultBytesMax = 1 << 20
    /// Up to the first byte of an answer, and between its pieces.
    private static let waitSecondsMax: Int64 = 60

    init(url: String, token: String?) throws(CommandFailure) {
        guard let base = URLComponents(string: url),
            base.scheme == "http" || base.scheme == "https",
            base.host?.isEmpty == false
        else {
            throw CommandFailure(message: "--url must be like http://127.0.0.1:4000", exitCode: 2)
        }
        guard token?.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) ?? true else {
            throw CommandFailure(message: "--token is no access token", exitCode: 2)
        }
        self.base = base
        self.token = token
        var configuration = HTTPClient.Configuration()
        // Who is refused hears it at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.read = .seconds(Self.waitSecondsMax)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Hands over the body of an answer of this type, piece by piece.
    func get(
        _ path: String, _ items: [URLQueryItem] = [], type: String,
        _ take: ([UInt8]) throws -> Void
    ) async throws {
        try await send("GET", path, items, type: type, take)
    }

    func send(
        _ method: String, _ path: String, _ items: [URLQueryItem] = [], body: [UInt8] = [],
        headers: [(String, String)] = [], type: String, _ take: ([UInt8]) throws -> Void
    ) async throws {
        var request = request(path, items)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if !body.isEmpty { request.body = .bytes(body) }
        request.headers.add(name: "Accept", value: type)
        request.method = HTTPMethod(rawValue: method)
        let response = try await response(to: request)
        guard response.status == .ok else { throw try await failure(response) }
        guard response.headers.first(name: "Content-Type")?.hasPrefix(type) == true else {
            throw CommandFailure(
                message: "what answers at \(address) is no tidemark server",
                hints: ["look at --url, and at TIDEMARK_URL"])
        }
        var pieces = response.body.makeAsyncIterator()
        while let piece = try await next(&pieces) { try take(Array(piece.readableBytesView)) }
    }

    /// Sends a body and hands back the answer, whatever it says.
    func post(
        _ path: String, type: String, _ body: [UInt8]
    ) async throws -> (status: UInt, body: [UInt8]) {
        var request = request(path, [])
        request.method = .POST
        request.headers.add(name: "Content-Type", value: type)
        request.body = .bytes(body)
        let response = try await response(to: request)
        var answer: [UInt8] = []
        var pieces = response.body.makeAsyncIterator()
        while answer.count < Self.faultBytesMax, let piece = try await next(&pieces) {
            answer += piece.readableBytesView
        }
        return (response.status.code, answer)
    }

    /// What is answered to a request without a body, or with one of JSON; anything but 2xx is a failure.
    func ask(
        _ method: HTTPMethod, _ path: String, _ items: [URLQueryItem] = [], json: [UInt8]? = nil
    ) async throws -> [UInt8] {
        var request = request(path, items)
        request.method = method
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(json)
        }
        let response = try await response(to: request)
        guard (200..<300).contains(response.status.code) else {
            throw try await failure(response)
        }
        var answer: [UInt8] = []
        var pieces = response.body.makeAsyncIterator()
        while let piece = try await next(&pieces) { answer += piece.readableBytesView }
        return answer
    }

    func close() async {
        try? await client.shutdown()
    }

    private var address: String { base.string ?? "the address" }

    private func request(_ path: String, _ items: [URLQueryItem]) -> HTTPClientRequest {
        var address = base
        address.path = (base.path.hasSuffix("/") ? String(base.path.dropLast()) : base.path) + path
        address.queryItems = items.isEmpty ? nil : items
        // A plus sign would be read as a space.
        address.percentEncodedQuery = address.percentEncodedQuery?.replacing("+", with: "%2B")
        var request = HTTPClientRequest(url: address.string ?? "")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        return request
    }

    private func response(to request: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            return try await client.execute(request, timeout: .seconds(Self.waitSecondsMax))
        } catch let error as HTTPClientError
            where [.readTimeout, .deadlineExceeded].contains(error)
        {
            throw CommandFailure(
                message: "the server at \(address) did not answer in \(Self.waitSecondsMax) s")
        } catch {
            throw CommandFailure(
                message: "no server answers at \(address)",
                hints: ["start one with tidemark serve, or read a folder with --data DIR"])
        }
    }

    private func next(
        _ pieces: inout HTTPClientResponse.Body.AsyncIterator
    ) async throws -> ByteBuffer? {
        do {
            return try await pieces.next()
        } catch {
            throw CommandFailure(
                message: "the server broke off in the middle of its answer",
                hints: ["its own log says why"])
        }
    }

    private func failure(_ response: HTTPClientResponse) async throws -> CommandFailure {
        let body = try? await response.body.collect(upTo: Self.faultBytesMax)
        let bytes = body.map { Array($0.readableBytesView) } ?? []
        return CommandFailure(refusal: bytes, status: response.status.code)
    }
}

extension CommandFailure {
    /// `{"error":{"code":…,"message":…}}`
    private struct Refusal: Decodable {
        struct Fault: Decodable {
            let code: String
            let message: String
        }

        let error: Fault
    }

    /// What a server's refusal means here.
    init(refusal body: [UInt8], status: UInt) {
        guard let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(body)).error else {
            self.init(
                message: "the server answered \(status)", hints: Self.hints(status: status))
            return
        }
        self.init(
            message: Console.printable(refusal.message), hints: Self.hints(status: status),
            exitCode: refusal.code == "invalid_parameter" ? 2 : 1)
    }

    private static func hints(status: UInt) -> [String] {
        switch status {
        case 401: ["give an access token with --token or TIDEMARK_TOKEN"]
        case 403: ["the access token may not, or the server does not know this name for itself"]
        case 404: ["is it a tidemark server, and as new as this tidemark?"]
        case 422: ["--format csv has no such limit"]
        case 503: ["try again in a moment"]
        default: []
        }
    }
}
