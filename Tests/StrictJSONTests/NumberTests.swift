import StrictJSON
import Testing

@Suite struct `A number` {
    @Test(arguments: [
        "0", "-0", "1", "-1", "9", "10", "1234567890", "0.0", "-0.0", "0.5", "1.50", "1e2", "1E2",
        "1e+2", "1E+2", "1e-2", "1E-2", "0e0", "0E+00", "-0e-0", "1.5e10", "1e007", "1e400",
        "-1e400", "1e-400", "1e99999", "0.00000000000000000000000000001",
        "123456789012345678901234567890", "-123456789012345678901234567890.123456789e-99",
        "9223372036854775808", "18446744073709551616",
    ])
    func `is taken in every spelling of the grammar`(text: String) {
        for text in [text, " \(text)\n", "[\(text)]", "[\(text),\(text)]", "{\"a\":\(text)}"] {
            #expect(fault(in: text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("-", "unexpected end at byte 1"),
        ("1.", "unexpected end at byte 2"),
        ("0.", "unexpected end at byte 2"),
        ("1e", "unexpected end at byte 2"),
        ("1e+", "unexpected end at byte 3"),
        ("1.5E-", "unexpected end at byte 5"),
        ("-a", "invalid number at byte 1"),
        ("--1", "invalid number at byte 1"),
        ("-+1", "invalid number at byte 1"),
        ("-.5", "invalid number at byte 1"),
        ("-Infinity", "invalid number at byte 1"),
        ("1.e1", "invalid number at byte 2"),
        ("1..5", "invalid number at byte 2"),
        ("1ex", "invalid number at byte 2"),
        ("1e.5", "invalid number at byte 2"),
        ("1e+-1", "invalid number at byte 3"),
        ("1e++1", "invalid number at byte 3"),
        ("[1.]", "invalid number at byte 3"),
        ("[-]", "invalid number at byte 2"),
        ("[1e]", "invalid number at byte 3"),
        ("+1", "unexpected byte at byte 0"),
        (".5", "unexpected byte at byte 0"),
        ("Infinity", "unexpected byte at byte 0"),
        ("NaN", "unexpected byte at byte 0"),
        ("１", "unexpected byte at byte 0"),
        ("[.5]", "unexpected byte at byte 1"),
        ("[01]", "unexpected byte at byte 2"),
        ("[-01]", "unexpected byte at byte 3"),
        ("[1 2]", "unexpected byte at byte 3"),
        ("01", "more bytes after the value at byte 1"),
        ("00", "more bytes after the value at byte 1"),
        ("-01", "more bytes after the value at byte 2"),
        ("0x10", "more bytes after the value at byte 1"),
        ("1_000", "more bytes after the value at byte 1"),
        ("1,5", "more bytes after the value at byte 1"),
        ("1e1.5", "more bytes after the value at byte 3"),
        ("1.5.2", "more bytes after the value at byte 3"),
        ("1e5e5", "more bytes after the value at byte 3"),
        ("1f", "more bytes after the value at byte 1"),
        ("1 2", "more bytes after the value at byte 2"),
    ])
    func `is refused in any other spelling`(text: String, reason: String) {
        #expect(fault(in: text)?.description == reason)
    }
}
