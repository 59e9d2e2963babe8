import EventFormats
import Intake
import StrictJSON
import TimeSeries
import Testing

@Suite struct `A deep event` {
    private static func nested(_ levels: Int, _ isObject: Bool) -> String {
        isObject
            ? String(repeating: "{\"k\":", count: levels) + "1"
                + String(repeating: "}", count: levels)
            : String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }

    /// A value in every place that a sender has, each with the levels that it stands in there.
    private static func events(_ value: (Int) -> String) -> [String] {
        [
            native(data: value(1)), native(data: "{\"a\":\(value(2))}"),
            native("\"x\":\(value(1)),"), native("\"id\":\(value(1)),"),
            native("\"metadata\":{\"m\":\(value(2))},"),
            native("\"metadata\":{\"sender\":\(value(2))},"),
            #"{"hook_event_type":"t","source_app":"a","session_id":"s","payload":{"p":\#(value(2))}}"#,
            #"{"hook_event_type":"t","source_app":"a","session_id":"s","payload":1,"data":\#(value(1))}"#,
            #"{"hook_event_name":"t","cwd":"/a","session_id":"s","data":{"p":\#(value(2))}}"#,
            #"{"hook_event_name":"t","cwd":"/a","session_id":"s","tool_input":\#(value(1))}"#,
        ]
    }

    private static func isJSON(_ line: [UInt8]) -> Bool {
        var cursor = JSONCursor(0..<line.count)
        return (try? cursor.skipValue(in: line.span)) != nil
    }

    private static func problem(_ taken: Taken) -> String? {
        if !isJSON(taken.line) { return "the line is too deep for any reader" }
        if taken.data == nil { return "no data can be read" }
        let hasMetadata = taken.text.contains(#""metadata":{"#)
        return hasMetadata && taken.metadata == nil ? "no metadata can be read" : nil
    }

    @Test(arguments: [8, 100, 120], [true, false])
    func `is taken and can be read up to the limit, and is refused beyond`(
        depthMax: Int, isObject: Bool
    ) throws {
        var taking = take
        #expect(taking.limits.decoder.depthMax == 100)
        taking.limits.decoder.depthMax = depthMax
        for event in Self.events({ Self.nested(depthMax - $0, isObject) }) {
            #expect(try Self.problem(taking(event)) == nil)
        }
        for extra in [1, 2, 20, 300] {
            for event in Self.events({ Self.nested(depthMax + extra - $0, isObject) }) {
                let fault = taking.fault(event)
                #expect(fault?.code == .invalidJSON)
                #expect(fault?.message.contains("nested too deeply") == true)
            }
        }
    }

    @Test func `is refused as bad JSON however deep it is`() {
        for event in Self.events({ _ in Self.nested(100_000, false) }) {
            #expect(take.fault(event)?.code == .invalidJSON)
        }
    }
}
