internal import Foundation
internal import NIOHTTP1

/// What `tidemark top` is told by a server: events as they come, and every other second how tools and KPIs do.
struct TopFeed: Sendable {
    private let server: ServerOptions
    private let update: @Sendable (@Sendable (inout TopPicture) -> Void) -> Void
    private let second: @Sendable () -> Int64

    private static let askPause = Duration.seconds(2)
    private static let retryPause = Duration.seconds(1)

    init(
        _ server: ServerOptions, second: @escaping @Sendable () -> Int64,
        update: @escaping @Sendable (@Sendable (inout TopPicture) -> Void) -> Void
    ) {
        (self.server, self.second, self.update) = (server, second, update)
    }

    func run() async {
        await withTaskGroup { group in
            group.addTask { await follow() }
            group.addTask { await ask() }
        }
    }

    /// Comes back behind the last event that came.
    private func follow() async {
        var stream = EventStreamReader()
        while !Task.isCancelled {
            do {
                stream.begin()
                try await server.pieces(
                    "/events/stream", type: "text/event-stream", lastEventID: stream.lastID
                ) { piece in
                    for event in stream.take(piece) {
                        let moment = second()
                        update {
                            $0.trouble = nil
                            $0.add(app: event.app, type: event.type, at: moment)
                        }
                    }
                }
            } catch {
                guard !Task.isCancelled else { return }
                let words = (error as? CommandFailure)?.message ?? "\(error)"
                update { $0.trouble = words }
            }
            try? await Task.sleep(for: Self.retryPause)
        }
    }

    private func ask() async {
        while !Task.isCancelled {
            do {
                let tools = try await tools()
                let kpis = try await server.ask(.GET, "/kpis", as: KPIStandings.self)
                update { picture in
                    picture.trouble = nil
                    (picture.tools, picture.kpis) = (tools, kpis.shown)
                }
            } catch {
                guard !Task.isCancelled else { return }
                let words = (error as? CommandFailure)?.message ?? "\(error)"
                update { $0.trouble = words }
            }
            try? await Task.sleep(for: Self.askPause)
        }
    }

    private func tools() async throws -> [TopPicture.Tool] {
        let items = [
            ("interval", "5m"), ("from", "-5m"), ("metric", "tool.duration"),
            ("group_by", "tool"), ("group_by", "source_app"), ("fields", "count,p95"),
        ].map { URLQueryItem(name: $0.0, value: $0.1) }
        let answer = try await server.ask(.GET, "/metrics", items, as: ToolAnswer.self)
        return answer.series.compactMap { series in
            guard let last = series.buckets.last else { return nil }
            return TopPicture.Tool(
                name: series.tags["tool"] ?? "-", app: series.tags["source_app"] ?? "-",
                calls: last.count, p95: last.p95)
        }
    }
}

private struct ToolAnswer: Decodable {
    struct Series: Decodable {
        let tags: [String: String]
        let buckets: [Bucket]
    }

    struct Bucket: Decodable {
        let count: Double
        let p95: Double?
    }

    let series: [Series]
}

extension KPIStandings {
    fileprivate var shown: [TopPicture.KPI] {
        kpis.flatMap { kpi in
            kpi.groups.map { group in
                let tags = group.tags.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
                return TopPicture.KPI(
                    name: Console.printable(kpi.kpi + tags.joined()), status: group.status,
                    value: group.value.map { "\($0) \(kpi.unit)" } ?? "-")
            }
        }
    }
}

/// Server-sent events, as they come in pieces.
struct EventStreamReader {
    struct Event: Equatable {
        let app, type: String
    }

    private struct Fields: Decodable {
        let source_app, type: String
    }

    /// Of the last event that came.
    private(set) var lastID: String?
    private var rest: [UInt8] = []
    private var name = ""

    /// A new connection begins.
    mutating func begin() { (rest, name) = ([], "") }

    mutating func take(_ piece: [UInt8]) -> [Event] {
        rest += piece
        var events: [Event] = []
        var start = 0
        while let end = rest[start...].firstIndex(of: 0x0A) {
            let line = String(decoding: rest[start..<end], as: UTF8.self)
            start = end + 1
            if line.isEmpty { name = "" }
            if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
            if line.hasPrefix("id: ") { lastID = String(line.dropFirst(4)) }
            guard line.hasPrefix("data: "), name.isEmpty else { continue }
            if let fields = try? JSONDecoder().decode(
                Fields.self, from: Data(line.utf8.dropFirst(6)))
            {
                events.append(Event(app: fields.source_app, type: fields.type))
            }
        }
        rest.removeFirst(start)
        return events
    }
}
