import EventFormats
import Intake
import TimeSeries
import Testing

@Suite struct `The app of a hook's input` {
    private static func app(given: String? = nil, _ members: String) throws -> String? {
        var taking = take
        taking.sourceApp = given
        return try taking(
            #"{"hook_event_name":"Stop","session_id":"s"\#(members)}"#
        ).sourceApp
    }

    @Test(arguments: [
        (#","cwd":"/home/dev/src/infra""#, #""infra""#),
        (#","cwd":"/home/dev/src/infra/""#, #""infra""#),
        (#","cwd":"/home/dev/src/infra//""#, #""infra""#), (#","cwd":"infra""#, #""infra""#),
        (#","cwd":"C:\\Users\\dev\\infra""#, #""infra""#),
        (#","cwd":"C:\\Users\\dev\\infra\\""#, #""infra""#),
        (#","cwd":"C:\\Users\\dev/infra""#, #""infra""#), (#","cwd":"C:\\""#, #""C:""#),
        (#","cwd":"\/a\/b c""#, #""b c""#), (#","cwd":"/a/\u0041\u00e9""#, #""Aé""#),
        (#","cwd":"/a/x\"y""#, #""x\"y""#), (#","cwd":"/a/.""#, #"".""#),
    ])
    func `is its folder`(members: String, app: String) throws {
        #expect(try Self.app(members) == app)
    }

    @Test(
        arguments: [
            ("", nil), (#","cwd":"""#, nil), (#","cwd":"/""#, nil), (#","cwd":"\\\\""#, nil),
            (#","cwd":null"#, nil), (#","cwd":["/a"]"#, nil), (#","cwd":"/a\ud800""#, nil),
            (#","source_app":null"#, nil), (#","source_app":null,"cwd":"/a/b""#, #""b""#),
            (#","source_app":"own","cwd":"/a/b""#, #""own""#),
            (#","source_app":"\u006fwn""#, #""\u006fwn""#),
            (#","cwd":"/a/one","cwd":"/a/two""#, #""two""#),
        ] as [(String, String?)])
    func `is its own before its folder, and missing without either`(members: String, app: String?) {
        #expect((try? Self.app(members)) == app)
        if app == nil {
            let fault = take.fault(#"{"hook_event_name":"Stop","session_id":"s"\#(members)}"#)
            #expect(fault?.code == .missingField)
            #expect(fault?.field == "source_app")
            #expect(fault?.message.contains("?source_app=") == true)
        }
    }

    @Test func `is the request's before all others`() throws {
        #expect(try Self.app(given: "q", #","source_app":"own","cwd":"/a/b""#) == #""q""#)
        #expect(try Self.app(given: "", #","source_app":"own","cwd":"/a/b""#) == #""own""#)
        #expect(try Self.app(given: "é\"\n", "") == #""é\"\n""#)
    }

    @Test func `is not the request's in other dialects`() throws {
        var taking = take
        taking.sourceApp = "q"
        #expect(try taking(native()).sourceApp == #""app""#)
        let reference = #"{"hook_event_type":"T","session_id":"s","payload":1}"#
        #expect(taking.fault(reference)?.field == "source_app")
    }
}
