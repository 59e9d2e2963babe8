import StrictJSON
import Testing

@Suite struct `The UTF-8 of a string` {
    private static func verdict(_ sequence: [UInt8]) -> JSONFault.Reason? {
        fault(in: [0x22] + sequence + [0x22])?.reason
    }

    /// The standard library's own validation is the twin.
    private static func isUTF8(_ sequence: [UInt8]) -> Bool {
        String(validating: sequence, as: UTF8.self) != nil
    }

    @Test(
        arguments: [
            ("overlong two bytes", [0xC0, 0x80]),
            ("overlong slash", [0xC0, 0xAF]),
            ("overlong two bytes, last", [0xC1, 0xBF]),
            ("overlong three bytes", [0xE0, 0x80, 0x80]),
            ("overlong three bytes, last", [0xE0, 0x9F, 0xBF]),
            ("overlong four bytes", [0xF0, 0x80, 0x80, 0x80]),
            ("overlong four bytes, last", [0xF0, 0x8F, 0xBF, 0xBF]),
            ("first high surrogate", [0xED, 0xA0, 0x80]),
            ("last low surrogate", [0xED, 0xBF, 0xBF]),
            ("a pair of surrogates", [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]),
            ("U+110000", [0xF4, 0x90, 0x80, 0x80]),
            ("U+140000", [0xF5, 0x80, 0x80, 0x80]),
            ("five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]),
            ("six bytes", [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]),
            ("FE", [0xFE]), ("FF", [0xFF]),
            ("a lone continuation", [0x80]), ("a lone continuation, last", [0xBF]),
            ("one too many continuations", [0xC3, 0xA9, 0xA9]),
            ("Latin-1", [0xE9]),
            ("cut two bytes", [0xC3]),
            ("cut three bytes", [0xE4, 0xB8]), ("cut three bytes, early", [0xE4]),
            ("cut four bytes", [0xF0, 0x9F, 0x98]), ("cut four bytes, early", [0xF0]),
            ("a letter within", [0xE4, 0x61, 0x96]), ("a letter at the end", [0xE4, 0xB8, 0x61]),
            ("a lead within", [0xF0, 0x9F, 0xC3, 0xA9]),
        ] as [(String, [UInt8])])
    func `is refused where RFC 3629 refuses it`(name: String, sequence: [UInt8]) {
        #expect(Self.verdict(sequence) == .invalidUTF8)
        #expect(!Self.isUTF8(sequence))
    }

    @Test func `may not end with the text`() {
        for sequence in ["é", "世", "😀"].map({ Array($0.utf8) }) {
            for length in 1...sequence.count {
                let cut = [0x22] + sequence.prefix(length)
                let reason: JSONFault.Reason =
                    length < sequence.count ? .invalidUTF8 : .unexpectedEnd
                #expect(fault(in: cut)?.reason == reason)
                // The same where the missing bytes do stand there, beyond the end.
                #expect(fault(in: 0..<(length + 1), of: [0x22] + sequence)?.reason == reason)
            }
        }
    }

    @Test func `is judged as the standard library does for every lead and second byte`() {
        for lead in UInt8(0x80)...0xFF {
            let tail: [UInt8] = lead < 0xE0 ? [] : lead < 0xF0 ? [0x80] : [0x80, 0x80]
            for second in UInt8(0x80)...0xFF {
                let sequence = [lead, second] + tail
                guard (Self.verdict(sequence) == nil) == Self.isUTF8(sequence) else {
                    Issue.record("\(sequence)")
                    continue
                }
            }
        }
    }

    @Test func `is judged as the standard library does at the borders of every byte`() {
        let borders: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
        let leads: [UInt8] = [
            0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4,
            0xF5,
        ]
        // A raw NUL is refused as a control character, not as UTF-8; either way it is refused.
        for lead in leads {
            for second in borders {
                for third in borders {
                    let sequence = [lead, second, third, 0x80]
                    for length in 2...4 {
                        let part = Array(sequence.prefix(length))
                        let isTaken = Self.isUTF8(part) && !part.contains(0)
                        if (Self.verdict(part) == nil) != isTaken { Issue.record("\(part)") }
                    }
                }
            }
        }
    }

    @Test func `takes the first and the last character of every length`() {
        for value: UInt32 in [
            0x20, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF, 0x40000,
            0xFFFFF, 0x100000, 0x10FFFF,
        ] {
            let scalar = Unicode.Scalar(value).map { Array(String($0).utf8) } ?? []
            #expect(!scalar.isEmpty && Self.verdict(scalar) == nil, "\(value)")
        }
    }
}
