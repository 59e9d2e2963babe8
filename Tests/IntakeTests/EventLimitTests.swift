import EventFormats
import Intake
import StrictJSON
import TimeSeries
import Testing

@Suite struct `The limit on` {
    @Test(arguments: [0, 1, 17])
    func `an event's bytes is reached and not passed`(spare: Int) {
        let event = native(data: "\"é\"")
        var taking = take
        taking.limits.eventBytesMax = event.utf8.count + spare
        #expect(taking.fault(event) == nil)
        taking.limits.eventBytesMax = event.utf8.count - 1 - spare
        let fault = taking.fault(event)
        #expect(fault?.code == .eventTooLarge)
        #expect(fault?.message.contains("\(event.utf8.count - 1 - spare) bytes") == true)
    }

    @Test func `an event's bytes comes before all that is wrong with them`() {
        var taking = take
        taking.limits.eventBytesMax = 3
        #expect(taking.fault("{{{{")?.code == .eventTooLarge)
        #expect(taking.fault("{{{")?.code == .invalidJSON)
    }

    @Test(arguments: [
        "type", "source_app", "session_id", "agent_id", "event_id",
    ])
    func `a name counts its decoded bytes`(field: String) throws {
        func fault(_ token: String, _ max: Int) -> EventFault? {
            var members = [
                "type": "\"t\"", "source_app": "\"a\"", "session_id": "\"s\"", "data": "1",
            ]
            members[field] = token
            var taking = take
            taking.limits.nameBytesMax = max
            return taking.fault(
                "{\(members.map { "\"\($0)\":\($1)" }.joined(separator: ","))}")
        }
        for text in ["x", "é", "世", "😀", "\n", "\""] {
            let name = String(repeating: text, count: 10)
            let bytes = name.utf8.count
            for token in [token(name), escapedToken(name)] {
                #expect(fault(token, bytes) == nil, "\(token)")
                let refusal = try #require(fault(token, bytes - 1))
                #expect(refusal.code == .fieldTooLong)
                #expect(refusal.field == field)
                #expect(refusal.message.contains("\(bytes - 1) bytes"))
            }
        }
    }

    @Test func `a name holds for the names of the other dialects`() {
        let long = String(repeating: "x", count: 257)
        let fits = String(repeating: "x", count: 256)
        func reference(_ type: String) -> String {
            #"{"hook_event_type":"\#(type)","source_app":"a","session_id":"s","payload":{}}"#
        }
        func raw(_ type: String, _ app: String = "a") -> String {
            #"{"hook_event_name":"\#(type)","source_app":"\#(app)","session_id":"s"}"#
        }
        #expect(take.fault(reference(fits)) == nil)
        #expect(take.fault(reference(long))?.field == "hook_event_type")
        #expect(take.fault(raw(fits)) == nil)
        #expect(take.fault(raw(long))?.field == "hook_event_name")
        #expect(take.fault(raw("t", fits)) == nil)
        #expect(take.fault(raw("t", long))?.code == .fieldTooLong)
        var taking = take
        taking.sourceApp = fits
        #expect(taking.fault(raw("t")) == nil)
        taking.sourceApp = long
        #expect(taking.fault(raw("t"))?.code == .fieldTooLong)
        #expect(taking.fault(raw("t"))?.field == "source_app")
    }

    @Test(arguments: [16, 256], ["x", "-"])
    func `a name cuts an app's folder`(max: Int, character: String) throws {
        #expect(try Self.app(of: String(repeating: character, count: max), max) != nil)
        for count in [max, max + 1, 4 * max] {
            let fitting = String(repeating: character, count: max)
            let folder = String(repeating: character, count: count)
            #expect(try Self.app(of: folder, max) == "\"\(fitting)\"")
        }
    }

    @Test(arguments: [16, 256], ["é", "世", "😀"])
    func `a name cuts an app's folder between two characters`(max: Int, character: String) throws {
        for offset in 0..<4 {
            let folder =
                String(repeating: "-", count: offset) + String(repeating: character, count: max)
            let fitting = folder.reduce(into: "") { name, next in
                if name.utf8.count + next.utf8.count <= max { name.append(next) }
            }
            #expect(try Self.app(of: folder, max) == "\"\(fitting)\"")
        }
    }

    @Test func `a name leaves an app without one where not even a character fits`() {
        #expect(throws: EventFault.self) { try Self.app(of: "世界", 2) }
        #expect(throws: Never.self) { try Self.app(of: "世界", 3) }
    }

    private static func app(of folder: String, _ max: Int) throws -> String? {
        var taking = take
        taking.limits.nameBytesMax = max
        return try taking(
            #"{"hook_event_name":"t","session_id":"s","cwd":"/a/\#(folder)"}"#
        ).sourceApp
    }

    @Test(arguments: [16, 1_024])
    func `members at the top of an event is reached and not passed`(max: Int) {
        func event(_ count: Int) -> String {
            native((0..<(count - 4)).map { "\"k\($0)\":\($0)," }.joined())
        }
        var taking = take
        taking.limits.decoder.membersMax = max
        #expect(taking.fault(event(max)) == nil)
        let fault = taking.fault(event(max + 1))
        #expect(fault?.code == .tooManyMembers)
        #expect(fault?.message.contains("\(max) members") == true)
        #expect(taking.fault(event(4 * max))?.code == .tooManyMembers)
        // Deeper down there may be as many as fit.
        let wide = (0..<(2 * max)).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(taking.fault(native("\"metadata\":{\(wide)},", data: "{\(wide)}")) == nil)
    }

    @Test func `the time ahead is reached and not passed`() {
        let ahead = take.now.advanced(byMilliseconds: 600_000)
        #expect(take.limits.timestampAheadMillisecondsMax == 600_000)
        for shift: Int64 in [-1, 0, 1, 2] {
            let time = ahead.advanced(byMilliseconds: shift)
            for value in ["\(time.milliseconds)", "\"\(time)\""] {
                let fault = take.fault(native("\"timestamp\":\(value),"))
                #expect((fault == nil) == (shift <= 0))
                if let fault {
                    #expect(fault.code == .timestampInFuture)
                    #expect(fault.message.contains("600000 ms"))
                }
            }
        }
        var strict = take
        strict.limits.timestampAheadMillisecondsMax = 0
        #expect(strict.fault(native("\"timestamp\":\"\(take.now)\",")) == nil)
    }
}
