import TimeSeries
import Testing

@Suite struct `A moment in RFC 3339` {
    @Test(arguments: [
        ("2025-01-31T10:30:00Z", "2025-01-31T10:30:00.000Z"),
        ("2025-01-31T10:30:00.000Z", "2025-01-31T10:30:00.000Z"),
        ("2025-01-31t10:30:00z", "2025-01-31T10:30:00.000Z"),
        ("2025-01-31 10:30:00Z", "2025-01-31T10:30:00.000Z"),
        ("2025-01-31 10:30:00z", "2025-01-31T10:30:00.000Z"),
        ("2025-01-31T10:30:00+00:00", "2025-01-31T10:30:00.000Z"),
        ("2025-01-31T10:30:00-00:00", "2025-01-31T10:30:00.000Z"),
        ("2025-01-31T10:30:00+01:00", "2025-01-31T09:30:00.000Z"),
        ("2025-01-31T10:30:00-01:00", "2025-01-31T11:30:00.000Z"),
        ("2025-01-31T10:30:00+05:45", "2025-01-31T04:45:00.000Z"),
        ("2025-01-31T10:30:00-09:30", "2025-01-31T20:00:00.000Z"),
        ("2025-01-01T00:30:00+01:00", "2024-12-31T23:30:00.000Z"),
        ("2024-12-31T23:30:00-01:00", "2025-01-01T00:30:00.000Z"),
        ("2025-01-31T10:30:00+23:59", "2025-01-30T10:31:00.000Z"),
        ("2025-01-31T10:30:00-23:59", "2025-02-01T10:29:00.000Z"),
        ("2025-01-31T10:30:00.5+01:00", "2025-01-31T09:30:00.500Z"),
        ("2025-01-31T00:00:00Z", "2025-01-31T00:00:00.000Z"),
        ("2025-01-31T23:59:59.999Z", "2025-01-31T23:59:59.999Z"),
        // A leap second is the first second of the next minute.
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ("2016-12-31T23:59:60.250Z", "2017-01-01T00:00:00.250Z"),
        ("2017-01-01T08:59:60+09:00", "2017-01-01T00:00:00.000Z"),
        ("2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"),
        ("2024-02-29T23:59:60Z", "2024-03-01T00:00:00.000Z"),
        ("0000-02-29T00:00:00Z", "0000-02-29T00:00:00.000Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
        ("0000-01-01T01:00:00+01:00", "0000-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
        ("9999-12-31T22:59:59.999-01:00", "9999-12-31T23:59:59.999Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
    ])
    func `is read in all its forms`(text: String, normal: String) {
        #expect(Timestamp(rfc3339: text)?.description == normal)
        #expect(Self.isCanonical(text) == (text == normal))
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:00.001Z", 1),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2000-02-29T12:00:00Z", 951_825_600_000),
            ("2025-01-31T10:30:00Z", 1_738_319_400_000),
            ("1900-03-01T00:00:00Z", -2_203_891_200_000),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func `is so many milliseconds from 1970`(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
        #expect(Timestamp(milliseconds: milliseconds).description.prefix(19) == text.prefix(19))
    }

    private static func isCanonical(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Timestamp.isCanonical(rfc3339: bytes.span)
    }

    @Test func `has a fraction of any length, cut to milliseconds`() {
        let digits = "98765432109876543210"
        let cut: [Int64] = [900, 980, 987]
        for length in 1...20 {
            let text = "1970-01-01T00:00:00.\(digits.prefix(length))Z"
            #expect(Timestamp(rfc3339: text)?.milliseconds == cut[min(length, 3) - 1], "\(text)")
        }
        #expect(Timestamp(rfc3339: "1970-01-01T00:00:00.0009999Z")?.milliseconds == 0)
        #expect(Timestamp(rfc3339: "1970-01-01T00:00:00.01Z")?.milliseconds == 10)
    }

    @Test(arguments: [
        "", "Z", "2025", "2025-01-31", "2025-01-31T", "10:30:00Z", "2025-01-31T10:30:00",
        "2025-01-31T10:30Z", "2025-01-31T10:30:00ZZ", "2025-01-31T10:30:00Z ",
        " 2025-01-31T10:30:00Z",
        "2025-01-31T10:30:00 Z", "2025-01-31_10:30:00Z", "2025-01-31  10:30:00Z",
        "2025-1-31T10:30:00Z", "2025-01-1T10:30:00Z", "25-01-31T10:30:00Z", "+2025-01-31T10:30:00Z",
        "-2025-01-31T10:30:00Z", "12025-01-31T10:30:00Z", "2025/01/31T10:30:00Z",
        "20250131T103000Z", "2025-01-31T10.30.00Z", "2025-01-31T1:30:00Z", "2025-W05-5T10:30:00Z",
        "2025-031T10:30:00Z", "2025-01-31T10:30:00.Z", "2025-01-31T10:30:00,5Z",
        "2025-01-31T10:30:00.5.5Z", "2025-01-31T10:30:00.-5Z", "2025-01-31T10:30:00.5 Z",
        "2025-01-31T10:30:00+1:00", "2025-01-31T10:30:00+0100", "2025-01-31T10:30:00+01",
        "2025-01-31T10:30:00+01:0", "2025-01-31T10:30:00+01:000", "2025-01-31T10:30:00+24:00",
        "2025-01-31T10:30:00+00:60", "2025-01-31T10:30:00Z+01:00", "2025-01-31T10:30:00*01:00",
        "2025-01-31T10:30:00UTC", "2025-01-31T10:30:00GMT", "2025-01-31T10:30:00−01:00",
        "２０２５-01-31T10:30:00Z", "2025-01-31T10:30:0aZ", "2025-01-31T10:30:00\u{0}Z", "now",
    ])
    func `is refused in any other form`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `is refused wherever it is cut`() {
        let text = "2025-01-31T10:30:00.123+01:00"
        #expect(Timestamp(rfc3339: text) != nil)
        for length in 0..<text.count {
            #expect(Timestamp(rfc3339: String(text.prefix(length))) == nil)
        }
    }

    @Test(arguments: [
        "2025-00-01", "2025-13-01", "2025-01-00", "2025-01-32", "2025-02-29", "2025-04-31",
        "2025-06-31", "2025-09-31", "2025-11-31", "2025-12-32", "2024-02-30", "1900-02-29",
        "2100-02-29", "2000-02-30", "0100-02-29", "9999-02-29", "2025-99-99",
    ])
    func `is refused on a day that never was`(date: String) {
        #expect(Timestamp(rfc3339: "\(date)T00:00:00Z") == nil)
        #expect(Timestamp(rfc3339: "\(date)T00:00:00+12:00") == nil)
    }

    @Test(arguments: ["24:00:00", "10:60:00", "10:30:61", "99:99:99", "23:59:62", "25:00:00"])
    func `is refused at a time that never is`(time: String) {
        #expect(Timestamp(rfc3339: "2025-01-31T\(time)Z") == nil)
    }

    @Test(arguments: [
        "0000-01-01T00:00:00+00:01", "0000-01-01T00:00:00.999+01:00", "9999-12-31T23:59:60Z",
        "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:59.999-23:59",
    ])
    func `is refused if its year in UTC has no four digits`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `takes every byte of its text into account`() {
        let text = Array("2025-01-28T10:30:00.123Z".utf8)
        for index in text.indices {
            for byte in UInt8(0)...0xFF where byte != text[index] {
                var wrong = text
                wrong[index] = byte
                guard let time = Timestamp(rfc3339: wrong.span) else { continue }
                let spelling = String(decoding: wrong, as: UTF8.self)
                #expect(Self.isCanonical(spelling) == (spelling == time.description))
                let isDigit = (0x30...0x39).contains(byte) && (0x30...0x39).contains(text[index])
                let isSeparator = index == 10 && (byte == 0x74 || byte == 0x20)
                let isZulu = index == 23 && byte == 0x7A
                #expect(isDigit || isSeparator || isZulu, "\(byte) at \(index) is \(time)")
            }
        }
    }
}
