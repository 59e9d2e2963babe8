import Foundation
import ServerSupport
import Testing

/// Fewer events fit into memory than there are, so every walk goes through memory and files.
@Suite(.server("--set", "recent_events_max=100", "--set", "partition_bytes_max=65536"), .serialized)
struct `A walk over pages` {
    private static let count = 1_000

    let server: ServerProcess

    init() throws {
        server = try .shared()
        guard try server.get("/readyz").text.contains("\"last_id\":0}") else { return }
        let lines = (0..<Self.count).map { number in
            var event = SampleEvent("app-\(number % 3)", id: "e\(number)")
            event.timestamp = String(1_738_319_400_000 + number * 1_000)
            event.data = Self.data(number)
            return event.json + "\n"
        }
        // In groups of very different sizes.
        let cuts = [0, 1, 2, 500, 503, 990, 999, Self.count]
        for (start, end) in zip(cuts, cuts.dropFirst()) {
            let answer = try server.postLines(lines[start..<end].joined())
            #expect(answer.status == 200)
        }
    }

    private static func data(_ number: Int) -> String {
        #"{"text":"number \#(number)","quote":"\"a\",\n\u00e9"}"#
    }

    private func walk(_ query: String, by step: (EventPage) -> String?) throws -> [UInt64] {
        var ids: [UInt64] = []
        var place = ""
        while true {
            let page = try server.page(query + place)
            ids += page.ids
            guard let next = step(page) else { return ids }
            place = next
        }
    }

    @Test(arguments: [9, 100, 999, 1_000, 10_000])
    func `backward by next meets every event once`(limit: Int) throws {
        let ids = try walk("limit=\(limit)") { page in page.next.map { "&before=\($0)" } }
        #expect(ids == Array((1...UInt64(Self.count)).reversed()))
    }

    @Test(arguments: [9, 100, 999, 1_000, 10_000])
    func `forward by next meets every event once`(limit: Int) throws {
        let ids = try walk("order=asc&limit=\(limit)") { page in page.next.map { "&after=\($0)" } }
        #expect(ids == Array(1...UInt64(Self.count)))
    }

    @Test func `with filters meets what they leave`() throws {
        let query = "source_app=app-1&from=1738319500&to=1738320300&limit=13"
        let down = try walk(query) { page in page.next.map { "&before=\($0)" } }
        let up = try walk(query + "&order=asc") { page in page.next.map { "&after=\($0)" } }
        let expected = (100..<900).filter { $0 % 3 == 1 }.map { UInt64($0 + 1) }
        #expect(up == expected)
        #expect(down == expected.reversed())
    }

    @Test func `ends with no next, also where the last page is full`() throws {
        #expect(try server.page("limit=1000").next == nil)
        #expect(try server.page("limit=999").next == "2")
        #expect(try server.page("limit=999&order=asc").next == "999")
        #expect(try server.page("limit=10&before=11").next == nil)
        #expect(try server.page("limit=10&before=12").next == "2")
    }

    @Test func `has each event under its id too`() throws {
        for id in [1, 2, 500, 901, 1_000] {
            let stored = try server.get("/events/\(id)").decoded(as: StoredEvent.self)
            #expect(stored.id == UInt64(id) && stored.eventID == "e\(id - 1)")
        }
    }

    @Test(
        arguments: [
            "", "order=asc", "source_app=app-2", "limit=333", "order=asc&limit=334",
            "after=400&before=600", "order=asc&after=950", "q=number%2017", "type=None",
        ])
    func `shows the same as a stream of lines`(query: String) throws {
        let answer = try server.get("/events?" + query, accept: "application/x-ndjson")
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/x-ndjson")
        let more = query.contains("limit=") ? "" : "&limit=10000"
        let page = try server.get("/events?" + query + more).text
        let lines = answer.lines.map { String(decoding: $0.dropLast(), as: UTF8.self) }
        #expect(answer.lines.allSatisfy { $0.last == UInt8(ascii: "\n") })
        #expect(page.hasPrefix(#"{"events":[\#(lines.joined(separator: ","))],"next":"#))
    }

    @Test(arguments: ["", "order=asc&source_app=app-1", "limit=10"])
    func `shows the same as a stream of CSV`(query: String) throws {
        let answer = try server.get("/events?" + query, accept: "text/csv")
        #expect(answer.headers["content-type"] == "text/csv; charset=utf-8")
        let rows = answer.text.components(separatedBy: "\r\n")
        #expect(
            rows.first
                == "id,event_id,type,source_app,session_id,agent_id,timestamp,server_timestamp,"
                + "processing_time_ms,data,metadata")
        #expect(rows.last == "")
        let more = query.contains("limit=") ? "" : "&limit=10000"
        let page = try server.page(query + more)
        let expected = page.events.map { event in
            let number = Int(event.id) - 1
            let data = Self.data(number).replacing("\"", with: "\"\"")
            return "\(event.id),\"e\(number)\",\"PreToolUse\",\"app-\(number % 3)\",\"s1\",,"
                + "\(event.timestamp),\(event.serverTimestamp),\(event.processingTimeMs),"
                + "\"\(data)\","
        }
        #expect(Array(rows.dropFirst().dropLast()) == expected)
    }
}
