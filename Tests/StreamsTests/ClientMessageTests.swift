import TimeSeries
import Testing

@testable import Streams

@Suite struct `A client's message` {
    private func read(_ text: String) throws -> ClientMessage {
        let bytes = Array(text.utf8)
        return try ClientMessage(bytes.span)
    }

    private func fault(_ text: String) -> String? {
        do { _ = try read(text) } catch let fault as ClientMessage.Fault {
            return fault.message
        } catch {}
        return nil
    }

    @Test func `subscribes to everything where it says no more`() throws {
        let message = try read(#"{"action":"subscribe","id":"main"}"#)
        #expect(message == .subscribe(Subscription(id: "main")))
    }

    @Test func `says all that can be said`() throws {
        let message = try read(
            #"""
            {"action":"subscribe","id":"main","streams":["event","metric"],"filters":{
              "session_ids":["s"],"source_apps":["b","a","a"],"event_types":["Stop"],
              "agent_ids":["\u00e9"],"metrics":["tool.*"],"interval":"5m"},
              "since":1042,"since_alert":7}
            """#)
        var events = EventFilter()
        (events.sessionIDs, events.sourceApps) = (["s"], ["a", "b"])
        (events.types, events.agentIDs) = (["Stop"], ["é"])
        let metrics = MetricSelection(
            metrics: ["tool.*"], sourceApps: ["a", "b"], interval: .fiveMinutes)
        #expect(
            message
                == .subscribe(
                    Subscription(
                        id: "main", streams: [.event, .metric], events: events, metrics: metrics,
                        since: EventID(1_042), sinceAlert: 7)))
    }

    @Test func `takes empty lists as any`() throws {
        let message = try read(
            #"{"action":"subscribe","id":"a","streams":[],"filters":{"session_ids":[]}}"#)
        #expect(message == .subscribe(Subscription(id: "a")))
    }

    @Test func `ends a subscription, and asks whether somebody is there`() throws {
        #expect(try read(#"{"action":"unsubscribe","id":"a"}"#) == .unsubscribe(id: "a"))
        #expect(try read(#"{"action":"ping"}"#) == .ping(id: nil))
        #expect(try read(#" {"id":"7","action":"ping"} "#) == .ping(id: "7"))
    }

    @Test(
        arguments: [
            ("", "not JSON"), ("{", "not JSON"), ("[]", "JSON object"), ("7", "JSON object"),
            (#"{"action":"ping"}x"#, "not JSON"), ("{}", "action"),
            (#"{"action":"leave"}"#, "action"), (#"{"action":7}"#, "action"),
            (#"{"action":"subscribe"}"#, "id"), (#"{"action":"subscribe","id":""}"#, "id"),
            (#"{"action":"subscribe","id":7}"#, "id"), (#"{"action":"unsubscribe"}"#, "id"),
            (#"{"action":"ping","since":1}"#, "since"),
            (#"{"action":"subscribe","id":"a","since":-1}"#, "since"),
            (#"{"action":"subscribe","id":"a","since":1.5}"#, "since"),
            (#"{"action":"subscribe","id":"a","since":"1"}"#, "since"),
            (#"{"action":"subscribe","id":"a","since":18446744073709551616}"#, "since"),
            (#"{"action":"subscribe","id":"a","streams":"event"}"#, "streams"),
            (#"{"action":"subscribe","id":"a","streams":["events"]}"#, "streams"),
            (#"{"action":"subscribe","id":"a","filters":[]}"#, "filters"),
            (#"{"action":"subscribe","id":"a","filters":{"types":[]}}"#, "event_types"),
            (#"{"action":"subscribe","id":"a","filters":{"session_ids":[7]}}"#, "session_ids"),
            (#"{"action":"subscribe","id":"a","filters":{"interval":"2m"}}"#, "interval"),
            (#"{"action":"subscribe","id":"a","colour":"red"}"#, "a message has"),
            (#"{"action":"ping","id":[[[[[]]]]]}"#, "not JSON"),
        ])
    func `is told what is wrong with it`(text: String, part: String) {
        #expect(fault(text)?.contains(part) == true, "\(fault(text) ?? "no fault")")
    }

    @Test func `may have so many values and no more`() {
        func text(_ count: Int) -> String {
            let values = (0..<count).map { "\"\($0)\"" }.joined(separator: ",")
            return #"{"action":"subscribe","id":"a","filters":{"session_ids":[\#(values)]}}"#
        }
        #expect(fault(text(1_000)) == nil)
        #expect(fault(text(1_001))?.contains("1000 values") == true)
        let long = String(repeating: "x", count: 129)
        #expect(fault(#"{"action":"unsubscribe","id":"\#(long)"}"#)?.contains("128") == true)
    }
}
