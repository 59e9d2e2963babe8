import Foundation
import ServerSupport
import Testing

/// An event of Tidemark's own dialect, to be posted.
struct SampleEvent {
    var app: String
    var id: String?
    var type = "PreToolUse"
    var session = "s1"
    var agent: String?
    /// A JSON token.
    var timestamp: String?
    /// JSON.
    var data = "{}"

    init(_ app: String, id: String? = nil) {
        self.app = app
        self.id = id
    }

    var json: String {
        var members = [
            "\"type\":\"\(type)\"", "\"source_app\":\"\(app)\"", "\"session_id\":\"\(session)\"",
        ]
        if let id { members.append("\"event_id\":\"\(id)\"") }
        if let agent { members.append("\"agent_id\":\"\(agent)\"") }
        if let timestamp { members.append("\"timestamp\":\(timestamp)") }
        return "{" + members.joined(separator: ",") + ",\"data\":\(data)}"
    }

    /// A name that no other test uses.
    static func newApp(_ prefix: String = "app") -> String { "\(prefix)-\(UUID().uuidString)" }
}

extension ServerProcess {
    /// One request on a connection of its own.
    func request(
        _ method: String, _ target: String, headers: [String: String] = [:],
        body: some Collection<UInt8> = [UInt8]()
    ) throws -> HTTPAnswer {
        try connect().request(method, target, headers: headers, body: body)
    }

    func get(_ target: String, accept: String? = nil) throws -> HTTPAnswer {
        try request("GET", target, headers: accept.map { ["Accept": $0] } ?? [:])
    }

    func post(_ json: String, to target: String = "/events") throws -> HTTPAnswer {
        try connect().post(target, json)
    }

    /// `POST /events` with NDJSON.
    func postLines(_ text: String, headers: [String: String] = [:]) throws -> HTTPAnswer {
        try request(
            "POST", "/events",
            headers: ["Content-Type": "application/x-ndjson"].merging(headers) { $1 },
            body: Array(text.utf8))
    }

    /// Stores an event that must be taken.
    @discardableResult
    func store(_ event: SampleEvent) throws -> StoredEvent {
        let answer = try post(event.json)
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.decoded(as: StoredEvent.self)
    }

    func page(_ query: String) throws -> EventPage {
        try get("/events?" + query).decoded(as: EventPage.self)
    }

    /// How many events of this app are stored; up to 10,000.
    func count(ofApp app: String) throws -> Int {
        try page("limit=10000&source_app=\(app)").events.count
    }
}
