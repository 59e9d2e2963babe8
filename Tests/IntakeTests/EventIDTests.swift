import EventFormats
import EventLine
import Foundation
import Intake
import TestSupport
import TimeSeries
import Testing

@Suite struct `An event's own id` {
    @Test(arguments: ["e1", "é\n\"", "0194bc3a-7c1a-7b4e-9d2f-0a1b2c3d4e5f", "7", "\u{0}"])
    func `is kept as it is spelled`(id: String) throws {
        for token in [token(id), escapedToken(id)] {
            #expect(try take(native("\"event_id\":\(token),")).eventID == token)
            let raw =
                #"{"hook_event_name":"t","cwd":"/a","session_id":"s","event_id":\#(token)}"#
            #expect(try take(raw).eventID == token)
        }
    }

    @Test func `counts more than its tool use`() throws {
        let event = native(#""event_id":"e1","#, data: #"{"tool_use_id":"t1"}"#)
        #expect(try take(event).eventID == #""e1""#)
    }
}

@Suite struct `An id made from a tool use` {
    /// The parts that decide it.
    private struct Parts {
        var app = "a"
        var session = "s"
        var agent: String? = "g"
        var type = "T"
        var use = "toolu_1"
        var data = ""

        func events(_ token: (String) -> String) -> [String] {
            let agentMember = agent.map { "\"agent_id\":\(token($0))," } ?? ""
            let (app, session, type) = (token(app), token(session), token(type))
            let use = "\"tool_use_id\":\(token(use))"
            return [
                #"{"source_app":\#(app),"session_id":\#(session),"type":\#(type),\#(agentMember)"#
                    + #""data":{\#(use)\#(data)}}"#,
                #"{"source_app":\#(app),"session_id":\#(session),"hook_event_type":\#(type),"#
                    + #""payload":{\#(agentMember)\#(use)\#(data)}}"#,
                #"{"source_app":\#(app),"session_id":\#(session),"hook_event_name":\#(type),"#
                    + #"\#(agentMember)\#(use)\#(data)}"#,
            ]
        }

        func id() throws -> String {
            let ids = try events(token).map { try take($0).eventID }
            // The dialect does not matter, nor the spelling.
            let others = try events(escapedToken).map { try take($0).eventID }
            #expect(Set(ids + others).count == 1)
            return try #require(ids[0])
        }
    }

    @Test func `is the same for a retry, whatever else the event says`() throws {
        let id = try Parts().id()
        #expect(try Parts(data: #","x":1"#).id() == id)
        var later = take
        later.now = Timestamp(milliseconds: 1)
        #expect(try later(Parts().events(token)[0]).eventID == id)
    }

    @Test func `is another where any part is another`() throws {
        let parts = [
            Parts(), Parts(app: "b"), Parts(session: "t"), Parts(agent: "h"), Parts(agent: nil),
            Parts(type: "U"), Parts(use: "toolu_2"), Parts(app: "aa"),
            // The same letters in a row, cut at other places.
            Parts(app: "ab", session: "c"), Parts(app: "a", session: "bc"),
            Parts(session: "sg", agent: nil),
            Parts(session: "s", agent: "gT", type: "T"), Parts(agent: "g", type: "TT"),
            Parts(type: "Tt", use: "oolu_1"), Parts(app: "a\u{1}\u{0}\u{0}\u{0}s"),
        ]
        let ids = try parts.map { try $0.id() }
        #expect(Set(ids).count == parts.count)
    }

    /// It must be the same in every process and every version.
    @Test func `never changes`() throws {
        let ids = try [Parts(), Parts(agent: nil)].map { try $0.id() }
        #expect(
            ids == [
                #""31545ccf-aaf6-85fa-86b8-be92a0af9516""#,
                #""4adcfc4e-7f69-8993-9ce9-42d12bf6e977""#,
            ])
    }

    @Test func `is a UUID of version 8`() throws {
        for number in 0..<9 {
            let id = try Parts(use: "toolu_\(number)").id()
            #expect(
                id.contains(
                    /^"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$/))
            #expect(UUID(uuidString: String(id.dropFirst().dropLast())) != nil)
        }
    }

    @Test(arguments: ["7", "null", "[]", #"{"id":"t"}"#, "true"])
    func `needs a tool use that is a text`(use: String) throws {
        let event = native(data: #"{"tool_use_id":\#(use)}"#)
        #expect(try take(event).eventID != take(event).eventID)
    }

    @Test func `needs a tool use at the top of data`() throws {
        for event in [
            native(#""tool_use_id":"t","#), native(data: #"{"a":{"tool_use_id":"t"}}"#),
            native(data: #"[{"tool_use_id":"t"}]"#), native(data: #""tool_use_id""#),
        ] {
            #expect(try take(event).eventID != take(event).eventID)
        }
    }

    /// An agent that leaves the field empty has no tool use, and its events must not be taken for
    /// one another's retries.
    @Test func `needs a tool use that is not empty`() throws {
        let event = native(data: #"{"tool_use_id":""}"#)
        #expect(try take(event).eventID != take(event).eventID)
    }
}

@Suite struct `A random id` {
    @Test func `is a UUID of version 7 with the time in it`() throws {
        var taking = take
        for now in [0, 1, 1_738_319_400_003, 253_402_300_799_999] as [Int64] {
            taking.now = Timestamp(milliseconds: now)
            let id = try #require(taking(native(#""timestamp":0,"#)).eventID)
            #expect(
                id.contains(
                    /^"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$/))
            let time = id.dropFirst().prefix(13).replacing("-", with: "")
            #expect(Int64(time, radix: 16) == now)
        }
    }

    @Test func `is used once`() throws {
        let ids = try (0..<2_000).map { _ in try take(native()).eventID }
        #expect(Set(ids).count == ids.count)
        // Every bit that is free is used both ways.
        let random = ids.map { ($0 ?? "").utf8.filter { $0 != 0x2D }.dropFirst(14).dropLast() }
        for place in 0..<19 where place != 3 {
            let digits = Set(random.map { $0[$0.startIndex + place] })
            #expect(digits.count == 16, "place \(place)")
        }
    }
}
