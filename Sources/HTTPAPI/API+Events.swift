internal import EventLine
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Pipeline
internal import StrictJSON
internal import TimeSeries

/// Reading events: pages, single events, streams of lines and CSV.
extension API {
    private static let filterParameters: Set = [
        "session_id", "source_app", "type", "agent_id", "from", "to", "q", "after", "before",
        "order",
        "limit",
    ]
    static let repeatableFilters: Set = ["session_id", "source_app", "type", "agent_id"]
    private static let pageEventsMax = 10_000

    @Sendable func getEvents(_ request: Request, _ context: Context) async throws -> Response {
        let parameters = try Parameters(
            request, known: Self.filterParameters, repeatable: Self.repeatableFilters)
        let query = try eventQuery(parameters)
        let limit = try parameters.number("limit", in: 1...Self.pageEventsMax)
        switch try EventRepresentation(accept: request.headers[.accept]) {
        case .json: return .json(Self.json(try await page(query, limit: limit ?? 100)))
        case .lines: return try await stream(query, limit, .lines)
        case .csv: return try await stream(query, limit, .rows)
        }
    }

    @Sendable func getEvent(_ request: Request, _ context: Context) async throws -> Response {
        let parameters = try Parameters(request, known: ["chat"])
        let id = try Parameters.id("id", try context.parameters.require("id"))
        let withChat = try parameters.number("chat", in: 0...1) == 1
        guard let line = try await storedLine(id) else {
            throw APIError(.notFound, "there is no event with this id")
        }
        guard withChat else { return .json(line.dropLast()) }
        switch try await chats(of: [line]).first {
        case .whole(let chat):
            var body: [UInt8] = []
            ChatNote.append(line.span, chat: chat.span, to: &body)
            return .json(body)
        case .lost:
            throw APIError(.notFound, "the log no longer has the whole transcript of this event")
        case .some(.none), nil: return .json(line.dropLast())
        }
    }

    /// The reference's list: the newest, oldest first, in its shape.
    @Sendable func getRecentEvents(_ request: Request, _ context: Context) async throws -> Response
    {
        let parameters = try Parameters(request, known: ["limit"])
        let limit = try parameters.number("limit", in: 1...Self.pageEventsMax) ?? 300
        let page = try await page(EventQuery(), limit: limit)
        let lines = page.lines.map { Array(page.bytes[$0]) }
        let chats = try await chats(of: lines, bytesMax: limits.recentChatBytesMax)
        var body = [UInt8(ascii: "[")]
        for (line, chat) in zip(lines, chats).reversed() {
            let mark = body.count
            if body.count > 1 { body.append(UInt8(ascii: ",")) }
            if !ReferenceShape.append(line.span, chat: chat.bytes, to: &body) {
                body.removeLast(body.count - mark)
            }
        }
        body.append(UInt8(ascii: "]"))
        return .json(body)
    }

    @Sendable func getFilterOptions(_ request: Request, _ context: Context) async throws -> Response
    {
        _ = try Parameters(request, known: [])
        let options = try await reading { try await pipeline.reader.filterOptions() }
        var body = Array("{\"source_apps\":".utf8)
        Self.append(options.sourceApps, to: &body)
        body += Array(",\"session_ids\":".utf8)
        Self.append(options.sessionIDs, to: &body)
        body += Array(",\"hook_event_types\":".utf8)
        Self.append(options.types, to: &body)
        body.append(UInt8(ascii: "}"))
        return .json(body)
    }

    func storedLine(_ id: EventID) async throws -> [UInt8]? {
        try await reading { try await pipeline.reader.event(id) }
    }

    /// Newest first where so many bytes are not enough for all.
    func chats(of lines: [[UInt8]], bytesMax: Int = .max) async throws -> [StoredChat] {
        try await reading { try await pipeline.reader.chats(of: lines, bytesMax: bytesMax) }
    }

    private func page(_ query: EventQuery, limit: Int) async throws -> EventPage {
        try await reading { try await pipeline.reader.page(query, limit: limit) }
    }

    private func reading<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let refusal as EventReader.Refusal {
            throw APIError(refusal)
        }
    }

    func eventQuery(_ parameters: Parameters) throws -> EventQuery {
        var query = EventQuery()
        query.filter.sessionIDs = parameters.all("session_id")
        query.filter.sourceApps = parameters.all("source_app")
        query.filter.types = parameters.all("type")
        query.filter.agentIDs = parameters.all("agent_id")
        let now = now()
        query.filter.from = try parameters.time("from", now: now)
        query.filter.to = try parameters.time("to", now: now)
        query.filter.text = parameters["q"]
        query.after = try parameters.id("after")
        query.before = try parameters.id("before")
        switch parameters["order"] {
        case nil, "desc": query.order = .newestFirst
        case "asc": query.order = .oldestFirst
        default: throw APIError.parameter("order", "must be asc or desc")
        }
        if let from = query.filter.from, let to = query.filter.to, from >= to {
            throw APIError.parameter("from", "must be before to")
        }
        return query
    }

    private static func json(_ page: EventPage) -> [UInt8] {
        var body = Array("{\"events\":[".utf8)
        body.reserveCapacity(page.bytes.count + 64)
        for (place, range) in page.lines.enumerated() {
            if place > 0 { body.append(UInt8(ascii: ",")) }
            body += page.bytes[range.dropLast()]
        }
        body += Array("],\"next\":\(page.next.map { "\"\($0)\"" } ?? "null")".utf8)
        if page.isStoppedEarly { body += Array(",\"stopped_early\":true".utf8) }
        body.append(UInt8(ascii: "}"))
        return body
    }

    private static func append(_ texts: [String], to body: inout [UInt8]) {
        body.append(UInt8(ascii: "["))
        for (place, text) in texts.enumerated() {
            if place > 0 { body.append(UInt8(ascii: ",")) }
            JSONString.encode(text, appendingTo: &body)
        }
        body.append(UInt8(ascii: "]"))
    }
}

extension StoredChat {
    /// The JSON array, where it can be had.
    var bytes: [UInt8]? {
        if case .whole(let bytes) = self { bytes } else { nil }
    }
}

// MARK: Streams

/// How a line becomes a part of a streamed body.
enum EventRendering {
    case lines
    case rows

    var contentType: String {
        switch self {
        case .lines: "application/x-ndjson"
        case .rows: "text/csv; charset=utf-8"
        }
    }

    var header: [UInt8] { self == .rows ? EventCSV.header : [] }

    func body(_ page: EventPage) -> ByteBuffer {
        guard self == .rows else { return ByteBuffer(bytes: page.bytes) }
        var rows: [UInt8] = []
        for range in page.lines {
            _ = EventCSV.append(page.bytes.span.extracting(range), to: &rows)
        }
        return ByteBuffer(bytes: rows)
    }
}

extension API {
    /// The whole answer to a query, in constant memory: the next chunk is read when the client has
    /// taken the one before.
    private func stream(
        _ query: EventQuery, _ limit: Int?, _ rendering: EventRendering
    ) async throws -> Response {
        let first = try await reading { try await pipeline.reader.stream(query) }
        let body = ResponseBody { writer in
            if !rendering.header.isEmpty {
                try await writer.write(ByteBuffer(bytes: rendering.header))
            }
            var stream = first
            var rest = limit ?? .max
            while rest > 0, let page = try await stream.next() {
                guard !page.lines.isEmpty else { continue }
                try await writer.write(rendering.body(page.prefix(rest)))
                rest -= min(rest, page.lines.count)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: rendering.contentType], body: body)
    }
}

/// In which form a list of events is wanted.
enum EventRepresentation {
    case json
    case lines
    case csv

    /// The first form that the header names, in its order; all of JSON's wildcards mean JSON.
    init(accept: String?) throws(APIError) {
        for range in (accept ?? "*/*").split(separator: ",") {
            let type = range.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
            switch type {
            case "application/json", "*/*", "application/*": self = .json
            case "application/x-ndjson", "application/ndjson", "application/jsonl": self = .lines
            case "text/csv", "text/*": self = .csv
            default: continue
            }
            return
        }
        throw APIError(
            .notAcceptable, "there are application/json, application/x-ndjson and text/csv")
    }
}
