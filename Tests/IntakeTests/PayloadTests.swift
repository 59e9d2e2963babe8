import EventFormats
import Intake
import TimeSeries
import Testing

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
