import Catalogue
import Testing

@Suite struct `A stable hash` {
    private static func hash(_ bytes: [UInt8]) -> StableHash { StableHash(bytes.span) }

    /// These numbers stand in data folders: they must never change.
    @Test(
        arguments: [
            ("", 0x21481C273802FBE1, 0xBEB954D5956B7176),
            ("a", 0xF83661D6E1C5E070, 0x0BE90543B6F32ABD),
            ("abcdefgh", 0x493C2F1F043B58F3, 0x83D8F3A53DC3E493),
            ("The log is the truth.", 0x33F30850D15626F7, 0x0CECE2B48D2A800B),
        ] as [(String, UInt64, UInt64)])
    func `has these values for ever`(text: String, high: UInt64, low: UInt64) {
        #expect(Self.hash(Array(text.utf8)) == StableHash(high: high, low: low))
    }

    @Test func `tells all texts of few bytes apart`() {
        var seen: Set<StableHash> = []
        var lows: Set<UInt64> = []
        var count = 0
        for length in 0...40 {
            for place in 0..<max(length, 1) {
                for byte: UInt8 in [0, 1, 0x80, 0xFF] {
                    var text = [UInt8](repeating: 0x61, count: length)
                    if length > 0 { text[place] = byte } else if byte > 0 { continue }
                    let hash = Self.hash(text)
                    seen.insert(hash)
                    lows.insert(hash.low)
                    count += 1
                }
            }
        }
        #expect(seen.count == count)
        #expect(lows.count == count)
    }

    @Test func `is written with its highest byte first`() {
        var output: [UInt8] = [7]
        StableHash(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10).append(to: &output)
        #expect(output == [7] + Array(1...16))
    }
}
