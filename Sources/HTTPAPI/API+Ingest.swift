internal import EventFormats
internal import EventLine
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Intake
internal import NIOCore
internal import Pipeline
internal import StrictJSON
internal import TimeSeries

/// `POST /events`: one object, an array, or a stream of lines.
extension API {
    @Sendable func postEvents(_ request: Request, _ context: Context) async throws -> Response {
        let parameters = try Parameters(request, known: ["source_app"])
        let context = EventIntake.Context(now: now(), sourceApp: parameters["source_app"])
        switch try BodyKind(request.headers[.contentType]) {
        case .lines: return try await postLines(request, context)
        case .json:
            var reader = try BodyReader(request)
            let body = try await reader.collect(bytesMax: limits.jsonBodyBytesMax, inFlight)
            if Self.isArray(body) { return try await postArray(body, context) }
            return try await postOne(body, context, ReferenceClient(request))
        }
    }

    /// `POST /hooks/{source_app}`: what an agent's `http` hook sends; the agent parses the answer, so it
    /// holds nothing.
    @Sendable func postHook(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        guard try BodyKind(request.headers[.contentType]) == .json else {
            throw APIError(.unsupportedMediaType, "a hook sends one application/json object")
        }
        var reader = try BodyReader(request)
        let body = try await reader.collect(bytesMax: limits.jsonBodyBytesMax, inFlight)
        guard let app = try context.parameters.require("source_app").removingPercentEncoding else {
            throw APIError.parameter("source_app", "must be percent-encoded UTF-8")
        }
        do {
            _ = try await store(body, EventIntake.Context(now: now(), sourceApp: app))
        } catch let refused as RefusedEvent {
            throw APIError(refused.fault)
        }
        return .json("{}".utf8)
    }

    private static func isArray(_ body: ByteBuffer) -> Bool {
        body.readableBytesView.first { $0 > 0x20 } == UInt8(ascii: "[")
    }
}

// MARK: One event

extension API {
    private func postOne(
        _ body: ByteBuffer, _ context: EventIntake.Context, _ client: ReferenceClient
    ) async throws -> Response {
        do {
            let stored = try await store(body, context)
            return try await answer(stored)
        } catch let refused as RefusedEvent {
            throw client.error(for: refused)
        }
    }

    private func store(
        _ body: ByteBuffer, _ context: EventIntake.Context
    ) async throws -> StoredEvent {
        var intake = intake
        var batch = EventBatch()
        do throws(EventFault) {
            let bytes = body.readableBytesUInt8Span
            try intake.take(0..<bytes.count, of: bytes, context, into: &batch)
        } catch {
            throw RefusedEvent(fault: error, dialect: intake.dialect)
        }
        do throws(IngestRefusal) {
            let submission = try await pipeline.queue.submitInTurn(batch)
            return StoredEvent(
                outcome: try await submission.outcome(), dialect: intake.dialect,
                chat: batch.chat(of: 0))
        } catch {
            throw APIError(error)
        }
    }

    /// The stored event: the bytes of its line, or their one transcoding.
    private func answer(_ stored: StoredEvent) async throws -> Response {
        guard let result = stored.outcome.results.first else {
            throw APIError(.internalError, "no outcome")
        }
        let line = try await line(result.id, stored.outcome.block)
        var headers: HTTPFields = [:]
        var chat = stored.chat
        if case .duplicate = result {
            headers[.tidemarkDuplicate] = "true"
            chat = try await chats(of: [line]).first?.bytes
        }
        guard stored.dialect == .reference else {
            return .json(line.dropLast(), headers: headers)
        }
        var shape: [UInt8] = []
        _ = ReferenceShape.append(line.span, chat: chat, to: &shape)
        return .json(shape, headers: headers)
    }
}

extension API {
    private func line(_ id: EventID, _ block: LineBlock) async throws -> [UInt8] {
        if let range = block.range(of: id) { return Array(block.bytes[range]) }
        return try await storedLine(id) ?? Array("{\"id\":\(id)}\n".utf8)
    }
}

extension HTTPField.Name {
    static let tidemarkDuplicate = Self("Tidemark-Duplicate")!
}

/// What became of one event.
private struct StoredEvent {
    let outcome: BatchOutcome
    let dialect: Dialect?
    /// The transcript that came with it.
    let chat: [UInt8]?
}

/// An event that was not taken, before it is known how its sender wants to hear it.
struct RefusedEvent: Error {
    let fault: EventFault
    let dialect: Dialect?
}

/// The reference's hook clients print two bodies and know no others.
struct ReferenceClient {
    private let isKnownByName: Bool

    init(_ request: Request) {
        isKnownByName = request.headers[.userAgent]?.hasPrefix("Claude-Code-Hook") ?? false
    }

    func error(for refused: RefusedEvent) -> APIError {
        var error = APIError(refused.fault)
        guard isKnownByName || refused.dialect == .reference else { return error }
        error.plainMessage =
            refused.fault.code == .missingField ? "Missing required fields" : "Invalid request"
        return error
    }
}

// MARK: Many events

extension API {
    private func postArray(
        _ body: ByteBuffer, _ context: EventIntake.Context
    ) async throws -> Response {
        let elements = try arrayElements(body)
        var session = IngestSession(pipeline.queue)
        var intake = intake
        for start in stride(from: 0, to: elements.count, by: Self.arrayStretchEvents) {
            var stretch = DecodedStretch()
            for element in elements[start...].prefix(Self.arrayStretchEvents) {
                stretch.take(element, of: body.readableBytesUInt8Span, context, &intake)
            }
            try await session.add(stretch)
        }
        return try Self.answer(try await session.finish())
    }

    private static let arrayStretchEvents = 1_000

    /// Where the elements stand. A fault of grammar anywhere refuses the whole array, since nobody knows
    /// where the next element would begin.
    private func arrayElements(_ body: ByteBuffer) throws(APIError) -> [Range<Int>] {
        let bytes = body.readableBytesUInt8Span
        var cursor = JSONCursor(0..<bytes.count)
        var elements: [Range<Int>] = []
        do throws(JSONFault) {
            var more = try cursor.enterArray(in: bytes)
            while more {
                _ = try cursor.peek(in: bytes)
                let start = cursor.position
                try cursor.skipValue(in: bytes)
                elements.append(start..<cursor.position)
                more = try cursor.anotherElement(in: bytes)
            }
            try cursor.finish(in: bytes)
        } catch {
            throw APIError(EventFault(error))
        }
        guard elements.count <= limits.arrayEventsMax else {
            throw APIError(.bodyTooLarge, "an array may have \(limits.arrayEventsMax) events")
        }
        return elements
    }

    private func postLines(
        _ request: Request, _ context: EventIntake.Context
    ) async throws -> Response {
        var session = IngestSession(pipeline.queue)
        let ingest = LineIngest(
            intake: intake, context: context, lineBytesMax: eventBytesMax, inFlight: inFlight)
        try await ingest.run(try BodyReader(request), &session)
        return try Self.answer(try await session.finish())
    }

    private static func answer(_ summary: IngestSummary) throws(APIError) -> Response {
        guard summary.accepted + summary.duplicates == 0, summary.rejectedCount > 0 else {
            return .json(summary.json)
        }
        var error = APIError(
            .noEventTaken, "none of \(summary.rejectedCount) events could be taken")
        error.details = summary.json
        throw error
    }
}

/// What a body says it is.
enum BodyKind {
    case json
    case lines

    init(_ contentType: String?) throws(APIError) {
        let type = contentType?.prefix { $0 != ";" }.lowercased()
        switch type?.filter({ $0 != " " }) {
        case nil, "application/json": self = .json
        case "application/x-ndjson", "application/ndjson", "application/jsonl": self = .lines
        default:
            throw APIError(
                .unsupportedMediaType,
                "Content-Type must be application/json or application/x-ndjson")
        }
    }
}
