import Foundation
import ServerSupport
import Testing

/// `{"error":{"code":…,"message":…,"details":…}}`
struct ErrorAnswer: Decodable {
    struct Body: Decodable {
        let code: String
        let message: String
        let details: Details?
    }

    struct Details: Decodable {
        let field: String?
        let linesTaken: Int?
        let rejectedCount: Int?
        let rejected: [BatchAnswer.Rejection]?

        private enum CodingKeys: String, CodingKey {
            case field, rejected
            case linesTaken = "lines_taken"
            case rejectedCount = "rejected_count"
        }
    }

    let error: Body
}

/// What became of many events.
struct BatchAnswer: Decodable {
    struct Rejection: Decodable, Equatable {
        let index: Int
        let code: String
    }

    let accepted: Int
    let duplicates: Int
    let rejectedCount: Int
    let rejected: [Rejection]
    let lastID: UInt64?

    private enum CodingKeys: String, CodingKey {
        case accepted, duplicates, rejected
        case rejectedCount = "rejected_count"
        case lastID = "last_id"
    }
}

/// The envelope of a stored event.
struct StoredEvent: Decodable {
    let id: UInt64
    let eventID: String
    let type: String
    let sourceApp: String
    let sessionID: String
    let agentID: String?
    let timestamp: String
    let serverTimestamp: String
    let processingTimeMs: Int

    private enum CodingKeys: String, CodingKey {
        case id, type, timestamp
        case eventID = "event_id"
        case sourceApp = "source_app"
        case sessionID = "session_id"
        case agentID = "agent_id"
        case serverTimestamp = "server_timestamp"
        case processingTimeMs = "processing_time_ms"
    }
}

struct EventPage: Decodable {
    let events: [StoredEvent]
    let next: String?

    var ids: [UInt64] { events.map(\.id) }
}

extension HTTPAnswer {
    func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }

    var errorCode: String? { try? decoded(as: ErrorAnswer.self).error.code }

    /// As Foundation reads it.
    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }

    /// Checks the one shape that all failures have.
    func expectError(
        _ status: Int, _ code: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(self.status == status, sourceLocation: sourceLocation)
        #expect(headers["content-type"] == "application/json", sourceLocation: sourceLocation)
        #expect((headers["retry-after"] != nil) == (status == 503), sourceLocation: sourceLocation)
        let shape = try? decoded(as: ErrorAnswer.self).error
        #expect(shape?.code == code, "\(text)", sourceLocation: sourceLocation)
        #expect(shape?.message.isEmpty == false, sourceLocation: sourceLocation)
        let keys = (try? object()["error"] as? [String: Any])?.keys.sorted() ?? []
        #expect(
            keys == ["code", "message"] || keys == ["code", "details", "message"],
            sourceLocation: sourceLocation)
    }
}
