import StrictJSON
import Testing

/// Strings are read eight bytes at a time, so each byte that matters must be seen wherever in such a
/// word it stands, and whatever its neighbours are.
@Suite struct `A byte that matters within a run of plain ones` {
    private static let lengths = 0..<24
    /// Neighbours whose subtraction borrows, or nearly does.
    private static let fillers: [UInt8] = [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x61, 0x7F]

    private static func text(_ filler: UInt8, _ length: Int, _ place: Int, _ inserted: [UInt8])
        -> [UInt8]
    {
        let run = [UInt8](repeating: filler, count: length)
        return [0x22] + run.prefix(place) + inserted + run.dropFirst(place) + [0x22]
    }

    /// Calls with every position of every length, and every filler.
    private func forEachPlace(_ body: (UInt8, Int, Int) -> Void) {
        for filler in Self.fillers {
            for length in Self.lengths {
                for place in 0...length { body(filler, length, place) }
            }
        }
    }

    @Test func `ends the string if it is a quote`() {
        forEachPlace { filler, length, place in
            let text = Self.text(filler, length, place, [0x22])
            let found = fault(in: text)
            if found?.reason != .trailingBytes || found?.offset != place + 2 {
                // After white space the next byte is the first that is too much.
                let isBlank = filler == 0x20 && found?.offset == length + 2
                #expect(isBlank && found?.reason == .trailingBytes, "\(text)")
            }
        }
    }

    @Test(
        arguments: [[0x5C, 0x22], [0x5C, 0x5C], [0x5C, 0x6E], Array("\\u0022".utf8)] as [[UInt8]])
    func `is skipped if it is escaped`(escape: [UInt8]) {
        forEachPlace { filler, length, place in
            let text = Self.text(filler, length, place, escape)
            if let fault = fault(in: text) { Issue.record("\(fault): \(text)") }
        }
    }

    @Test(arguments: [0x00, 0x01, 0x0A, 0x1F] as [UInt8])
    func `is refused if it is a control character`(byte: UInt8) {
        forEachPlace { filler, length, place in
            let found = fault(in: Self.text(filler, length, place, [byte]))
            if found?.reason != .controlCharacter || found?.offset != place + 1 {
                Issue.record("\(filler), \(length), \(place): \(String(describing: found))")
            }
        }
    }

    @Test(arguments: ["\u{80}", "é", "\u{7FF}", "世", "\u{FFFF}", "😀", "\u{10FFFF}"])
    func `is taken if it begins a character of several bytes`(character: String) {
        forEachPlace { filler, length, place in
            let text = Self.text(filler, length, place, Array(character.utf8))
            if let fault = fault(in: text) { Issue.record("\(fault): \(text)") }
        }
    }

    @Test(arguments: [0x80, 0x9F, 0xA2, 0xBF, 0xC0, 0xDC, 0xFF] as [UInt8])
    func `is refused if it begins none`(byte: UInt8) {
        forEachPlace { filler, length, place in
            let found = fault(in: Self.text(filler, length, place, [byte]))
            if found?.reason != .invalidUTF8 || found?.offset != place + 1 {
                Issue.record("\(filler), \(length), \(place): \(String(describing: found))")
            }
        }
    }

    @Test func `counts only up to the end of the text`() {
        forEachPlace { filler, length, place in
            // The closing quote stands right behind the end that the cursor was given.
            let text = Self.text(filler, length, place, [])
            let found = fault(in: 0..<(text.count - 1), of: text)
            if found?.reason != .unexpectedEnd || found?.offset != text.count - 1 {
                Issue.record("\(filler), \(length): \(String(describing: found))")
            }
        }
    }
}
