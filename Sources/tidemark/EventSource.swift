internal import ArgumentParser
internal import AsyncHTTPClient
internal import Daemon
internal import EventLog
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Pipeline
internal import TimeSeries

/// Where a verb reads events from.
protocol EventSource: Sendable {
    /// Stored lines in the query's order.
    func page(_ query: EventQuery, limit: Int) async throws -> [[UInt8]]
    func close() async
}

/// `--url` or `--data`
struct EventPlaceOptions: ParsableArguments {
    @Option(help: "The server. (default: $TIDEMARK_URL, or http://127.0.0.1:4000)")
    var url: String?

    @Option(help: "Read this data folder instead of asking a server.", completion: .directory)
    var data: String?

    func source() throws -> any EventSource {
        if let data {
            guard url == nil else {
                throw CommandFailure(message: "--url and --data cannot go together", exitCode: 2)
            }
            return try FolderEvents(folder: data)
        }
        let address = url ?? ProcessInfo.processInfo.environment["TIDEMARK_URL"]
        return try ServerEvents(url: address ?? "http://127.0.0.1:4000")
    }
}

/// Events of a running server.
struct ServerEvents: EventSource {
    private let base: URLComponents
    private let client: HTTPClient
    private static let answerBytesMax = 1 << 30

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

    func page(_ query: EventQuery, limit: Int) async throws -> [[UInt8]] {
        var address = base
        address.path =
            (base.path.hasSuffix("/") ? String(base.path.dropLast()) : base.path) + "/events"
        address.queryItems = query.queryItems + [URLQueryItem(name: "limit", value: String(limit))]
        // A plus sign would be read as a space.
        address.percentEncodedQuery = address.percentEncodedQuery?.replacing("+", with: "%2B")
        var request = HTTPClientRequest(url: address.string ?? "")
        request.headers.add(name: "Accept", value: "application/x-ndjson")
        do {
            let response = try await client.execute(request, timeout: .seconds(60))
            let body = try await response.body.collect(upTo: Self.answerBytesMax)
            guard response.status == .ok else {
                throw CommandFailure(
                    message: "the server answered \(response.status.code): "
                        + Console.printable(String(buffer: body)))
            }
            return body.readableBytesView.split(separator: UInt8(ascii: "\n")).map(Array.init)
        } catch let failure as CommandFailure {
            throw failure
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

/// Events of a data folder, read beside whatever process owns it.
struct FolderEvents: EventSource {
    private let reader: EventReader

    init(folder: String) throws {
        let log = folder + "/log"
        guard FileManager.default.fileExists(atPath: log) else {
            throw CommandFailure(
                message: "\(folder) is no data folder", hints: ["it should hold log/"])
        }
        reader = EventReader(
            source: { () throws(LogError) in
                try EventLog.readOnlySnapshot(folder: log, damageListener: Console.warn)
            },
            recent: RecentEvents(), options: FilterOptions(after: .none), threads: .singleton)
    }

    func page(_ query: EventQuery, limit: Int) async throws -> [[UInt8]] {
        do {
            let page = try await reader.page(query, limit: limit)
            return page.lines.map { Array(page.bytes[$0]) }
        } catch EventReader.Refusal.failed(let error) {
            throw CommandFailure(message: error.description)
        }
    }

    func close() async {}
}
