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
