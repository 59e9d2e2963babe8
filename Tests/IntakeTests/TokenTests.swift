import EventLine
import Foundation
import Intake
import StrictJSON
import Testing
import TestSupport

@Suite struct `A token of a sender` {
    @Test(arguments: seeds(60, long: 20_000))
    func `keeps its bytes in whatever event it comes`(seed: UInt64) throws {
        var document = RandomJSON(seed: seed)
        let compact = String(decoding: document.compact, as: UTF8.self)
        for bytes in [document.compact, document.spaced()] {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(try take(native(data: text)).data == compact)
            let reference = try take(
                #"{"hook_event_type":"T","source_app":"a","session_id":"s","payload":\#(text)}"#)
            #expect(reference.data == compact)
            let raw = try take(
                #"{"hook_event_name":"T","cwd":"/a","session_id":"s","tool_input":\#(text)}"#)
            #expect(raw.data?.hasSuffix(#","tool_input":\#(compact)}"#) == true)
            let other = try take(native(#""x":\#(text),"id":\#(text),"#))
            #expect(other.text.hasSuffix(#"{"sender":{"id":\#(compact)}},"x":\#(compact)}"# + "\n"))
            #expect(
                try take(native(#""metadata":{"m":\#(text)},"#)).metadata == #"{"m":\#(compact)}"#)
        }
    }

    @Test(arguments: [
        "1e400", "-0", "1E+2", "12345678901234567890", "0.10", #""\u00e9\/\ud800""#,
        #"{"b":1,"a":2,"b":3}"#, "\"\u{2028}\u{7F}\"", #""\u0041""#,
    ])
    func `is not turned into another that means the same`(value: String) throws {
        #expect(try take(native(data: "[\(value)]")).data == "[\(value)]")
        #expect(try take(native(data: " [ \(value) ] ")).data == "[\(value)]")
    }
}
