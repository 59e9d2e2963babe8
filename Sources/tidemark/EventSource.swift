internal import ArgumentParser
internal import AsyncHTTPClient
internal import Daemon
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Pipeline
internal import TimeSeries

/// Where a verb reads events from.
protocol EventSource: Sendable {
    /// Stored lines in the query's order, some at a time, however many there are.
    func forEach(
        _ query: EventQuery, limit: Int?, _ body: ([[UInt8]]) throws -> Void
    ) async throws
    func close() async
}

/// `--url` or `--data`
struct EventPlaceOptions: ParsableArguments {
    @Option(help: "The server. (default: $TIDEMARK_URL, or http://127.0.0.1:4000)")
    var url: String?

    @Option(help: "Read this data folder instead of asking a server.", completion: .directory)
    var data: String?

    func source() async throws -> any EventSource {
        if let data {
            guard url == nil else {
                throw CommandFailure(message: "--url and --data cannot go together", exitCode: 2)
            }
            return try await FolderEvents(folder: data)
        }
        let address = url ?? ProcessInfo.processInfo.environment["TIDEMARK_URL"]
        return try ServerEvents(url: address ?? "http://127.0.0.1:4000")
    }
}

/// Events of a running server.
struct ServerEvents: EventSource {
    private let base: URLComponents
    private let client: HTTPClient
    private static let refusalBytesMax = 1 << 20
    /// A year of events takes its time.
    private static let answerHoursMax: Int64 = 24

    init(url: String) throws {
        guard let base = URLComponents(string: url),
            base.scheme == "http" || base.scheme == "https",
            base.host?.isEmpty == false
        else {
            throw CommandFailure(message: "--url must be like http://127.0.0.1:4000", exitCode: 2)
        }
        self.base = base
        var configuration = HTTPClient.Configuration()
        // Who is refused hears it at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func forEach(
        _ query: EventQuery, limit: Int?, _ body: ([[UInt8]]) throws -> Void
    ) async throws {
        let response = try await response(query, limit)
        guard response.status == .ok else {
            let text = try? await response.body.collect(upTo: Self.refusalBytesMax)
            throw CommandFailure(
                message: "the server answered \(response.status.code): "
                    + Console.printable(text.map { String(buffer: $0) } ?? ""))
        }
        var assembler = LineAssembler()
        var pieces = response.body.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do { piece = try await pieces.next() } catch {
                throw CommandFailure(
                    message: "the server broke off in the middle of its answer",
                    hints: ["its own log says why"])
            }
            guard let piece else { return }
            let lines = assembler.add(Array(piece.readableBytesView))
            if !lines.isEmpty { try body(lines) }
        }
    }

    private func response(_ query: EventQuery, _ limit: Int?) async throws -> HTTPClientResponse {
        var address = base
        address.path =
            (base.path.hasSuffix("/") ? String(base.path.dropLast()) : base.path) + "/events"
        address.queryItems =
            query.queryItems
            + (limit.map { [URLQueryItem(name: "limit", value: String($0))] } ?? [])
        // A plus sign would be read as a space.
        address.percentEncodedQuery = address.percentEncodedQuery?.replacing("+", with: "%2B")
        var request = HTTPClientRequest(url: address.string ?? "")
        request.headers.add(name: "Accept", value: "application/x-ndjson")
        do {
            return try await client.execute(
                request, deadline: .now() + .hours(Self.answerHoursMax))
        } catch {
            throw CommandFailure(
                message: "no server answers at \(base.string ?? "the address")",
                hints: ["start one with tidemark serve, or read a folder with --data DIR"])
        }
    }

    func close() async {
        try? await client.shutdown()
    }
}

extension EventQuery {
    /// As `GET /events` takes it.
    fileprivate var queryItems: [URLQueryItem] {
        var items: [URLQueryItem] = []
        func add(_ name: String, _ values: [String]) {
            items += values.map { URLQueryItem(name: name, value: $0) }
        }
        add("session_id", filter.sessionIDs)
        add("source_app", filter.sourceApps)
        add("type", filter.types)
        add("agent_id", filter.agentIDs)
        add("from", [filter.from].compactMap { $0?.description })
        add("to", [filter.to].compactMap { $0?.description })
        add("q", [filter.text].compactMap(\.self))
        add("after", [after].compactMap { $0?.description })
        add("before", [before].compactMap { $0?.description })
        add("order", [order == .oldestFirst ? "asc" : "desc"])
        return items
    }
}
