import Foundation
import NIOCore

/// What a server holds, as far as one must know it to ask.
struct KnownEvents {
    let sessions: [String]
    let lastID: Int

    private struct Options: Decodable {
        let session_ids: [String]
    }

    private struct Page: Decodable {
        struct Event: Decodable { let id: Int }
        let events: [Event]
    }

    private struct NothingToAsk: Error, CustomStringConvertible {
        let description = "the server has no events"
    }

    init(_ server: ServerAddress) async throws {
        let options: Options = try await Self.answer("/events/filter-options", server)
        let page: Page = try await Self.answer("/events?limit=1", server)
        guard let last = page.events.first, !options.session_ids.isEmpty else {
            throw NothingToAsk()
        }
        (sessions, lastID) = (options.session_ids, last.id)
    }

    private static func answer<Answer: Decodable>(
        _ target: String, _ server: ServerAddress
    ) async throws -> Answer {
        let query = Query(targets: [target], countMax: 1, keeping: .whole)
        let answer = try await LoadRun.measure(LoadPlan(server: server, work: .query(query)))
        answer.tally.complain()
        return try JSONDecoder().decode(
            Answer.self, from: Data(answer.lastBody.readableBytesView))
    }
}

/// One way of asking, with its targets for many sessions, ids or moments.
struct EventQuestion {
    let key: String
    let name: String
    let targets: [String]

    static let count = 6
    private static let variants = 2_000

    static func all(_ known: KnownEvents, limit: Int, seed: UInt64) -> [EventQuestion] {
        var random = Xoshiro256(seed: seed)
        func session() -> String { known.sessions[random.below(known.sessions.count)] }
        func id() -> Int { 1 + random.below(known.lastID) }
        func many(_ target: () -> String) -> [String] { (0..<variants).map { _ in target() } }
        let questions = [
            EventQuestion(
                key: "newest", name: "the newest \(limit)", targets: ["/events?limit=\(limit)"]),
            EventQuestion(
                key: "session", name: "a session's page",
                targets: many { "/events?session_id=\(session())&limit=\(limit)" }),
            EventQuestion(
                key: "options", name: "filter options", targets: ["/events/filter-options"]),
            EventQuestion(
                key: "event", name: "one event by its id", targets: many { "/events/\(id())" }),
            EventQuestion(
                key: "page", name: "a page from the middle",
                targets: many { "/events?before=\(id())&limit=\(limit)" }),
            EventQuestion(
                key: "old_session", name: "a session's page from the middle",
                targets: many { "/events?before=\(id())&session_id=\(session())&limit=\(limit)" }),
        ]
        precondition(questions.count == count, "BUG: another number of questions")
        return questions
    }
}
