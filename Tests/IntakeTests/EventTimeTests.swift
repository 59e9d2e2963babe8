import EventFormats
import Intake
import TimeSeries
import Testing

@Suite struct `The time of an event` {
    private static func time(_ value: String) throws -> String {
        try take(native("\"timestamp\":\(value),")).timestamp
    }

    @Test(arguments: [
        (#""2025-01-31T10:30:00Z""#, "2025-01-31T10:30:00.000Z"),
        (#""2025-01-31t11:30:00.1239+01:00""#, "2025-01-31T10:30:00.123Z"),
        (#""0000-01-01T00:00:00Z""#, "0000-01-01T00:00:00.000Z"),
        ("1738319400000", "2025-01-31T10:30:00.000Z"),
        ("1738319400000.987", "2025-01-31T10:30:00.000Z"),
        ("0", "1970-01-01T00:00:00.000Z"),
        ("0.00000000000000000000000000000000000000000001", "1970-01-01T00:00:00.000Z"),
        ("-0", "1970-01-01T00:00:00.000Z"),
        ("-1", "1969-12-31T23:59:59.999Z"), ("1", "1970-01-01T00:00:00.001Z"),
        ("-62167219200000", "0000-01-01T00:00:00.000Z"), ("null", "2025-01-31T10:30:00.003Z"),
    ])
    func `is in RFC 3339 or in milliseconds`(value: String, time: String) throws {
        #expect(try Self.time(value) == time)
    }

    @Test func `is the clock's where there is none`() throws {
        #expect(try take(native()).timestamp == take.now.description)
    }

    @Test(arguments: [
        #""2025-01-31""#, #""2025-01-31T10:30:00""#, #""1738319400000""#, #""""#, "true", "false",
        "{}", "[]", "[1738319400000]", "1e12", "1.7383194e12", "1738319400000e0", "17e-1",
        "-62167219200001", "99999999999999999999999999999999999999999999",
        "-99999999999999999999", "1738319400000.5e0", "4503599627370496000",
        #""2025-02-30T10:30:00Z""#, #""now""#,
    ])
    func `is refused in any other form`(value: String) {
        let fault = take.fault(native("\"timestamp\":\(value),"))
        #expect(fault?.code == .invalidTimestamp)
        #expect(fault?.field == "timestamp")
    }

    @Test(arguments: [
        "253402300799999", "253402300800000", "9223372036854775807", "4503599627370495",
    ])
    func `is refused where it lies in a far future`(value: String) {
        #expect(take.fault(native("\"timestamp\":\(value),")) != nil)
    }

    @Test(arguments: [
        (#""soon""#, "2025-01-31T10:30:00.003Z"), ("{}", "2025-01-31T10:30:00.003Z"),
        ("1738319400000", "2025-01-31T10:30:00.000Z"), ("1e99", "2025-01-31T10:30:00.003Z"),
        (#""2025-01-31T10:30:00Z""#, "2025-01-31T10:30:00.000Z"),
        ("null", "2025-01-31T10:30:00.003Z"),
    ])
    func `may be anything in a hook's own input`(value: String, time: String) throws {
        let taken = try take(
            #"{"hook_event_name":"t","cwd":"/a","session_id":"s","timestamp":\#(value)}"#)
        #expect(taken.timestamp == time)
    }

    @Test func `is what the line and the batch both say`() throws {
        let taken = try take(native(#""timestamp":"2025-01-31T12:30:00.0004+02:00","#))
        #expect(taken.text.contains(#","timestamp":"2025-01-31T10:30:00.000Z","server_timestamp""#))
        #expect(taken.text.contains(#","processing_time_ms":3,"#))
        #expect(taken.item.timestamp.milliseconds == 1_738_319_400_000)
    }
}

@Suite struct `The payload of a reference event` {
    private static func fault(_ payload: String) -> EventFault? {
        take.fault(
            #"{"hook_event_type":"T","source_app":"a","session_id":"s","payload":\#(payload)}"#)
    }

    @Test(arguments: [
        "null", "false", #""""#, "0", "-0", "0.0", "-0.00", "0e5", "0E-3", "0.0e+99",
    ])
    func `is missing where JavaScript takes it for false`(payload: String) {
        let fault = Self.fault(payload)
        #expect(fault?.code == .missingField)
        #expect(fault?.field == "payload")
    }

    @Test(arguments: [
        "{}", "[]", #""x""#, #"" ""#, #""0""#, #""false""#, "true", "1", "-1", "0.5", "-0.001",
        "10", "1e0", "100e-9", #""\u0000""#, #"{"a":0}"#, "[0]", "[null]",
    ])
    func `is anything else`(payload: String) throws {
        #expect(Self.fault(payload) == nil)
    }

    @Test(arguments: ["null", "false", "0", #""""#])
    func `is stricter than the data of a native event`(data: String) throws {
        #expect(try take(native(data: data)).data == data)
    }
}

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
