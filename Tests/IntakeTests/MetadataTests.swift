import EventFormats
import EventLine
import Foundation
import Intake
import TimeSeries
import Testing

@Suite struct `The metadata of a line` {
    @Test(arguments: [
        (#"{"sender":{"id":1}}"#, #"{"sender":{"sender":{"id":1}}}"#),
        (#"{"redacted":{"jwt":9}}"#, #"{"sender":{"redacted":{"jwt":9}}}"#),
        (
            #"{"a":1,"sender":2,"b":3,"redacted":4}"#,
            #"{"a":1,"b":3,"sender":{"sender":2,"redacted":4}}"#
        ),
        (#"{"s\u0065nder":1}"#, #"{"sender":{"s\u0065nder":1}}"#),
        (#"{"redacte\u0064":1,"redacted":2}"#, #"{"sender":{"redacte\u0064":1,"redacted":2}}"#),
        (#"{"Sender":1,"redacted ":2}"#, #"{"Sender":1,"redacted ":2}"#),
        (#"{"x":{"sender":1}}"#, #"{"x":{"sender":1}}"#), ("{}", "{}"), ("{ \n}", "{}"),
    ])
    func `cannot be forged`(metadata: String, stored: String) throws {
        #expect(try take(native(#""metadata":\#(metadata),"#)).metadata == stored)
    }

    @Test func `counts redactions beside what a sender says of them`() throws {
        let secret = ["gh", "p_", String(repeating: "a1B2", count: 9)].joined()
        let taken = try take(
            native(
                #""metadata":{"redacted":{"jwt":9},"h":"\#(secret)"},"id":1,"#,
                data: #"["\#(secret)"]"#))
        #expect(
            taken.metadata == #"""
                {"h":"[redacted:github_token]","sender":{"id":1,"redacted":{"jwt":9}},\#
                "redacted":{"github_token":2}}
                """#)
    }

    @Test(arguments: ["1", #""x""#, "[]", "true"])
    func `must be an object`(metadata: String) {
        let fault = take.fault(native(#""metadata":\#(metadata),"#))
        #expect(fault?.code == .invalidField)
        #expect(fault?.field == "metadata")
    }
}
