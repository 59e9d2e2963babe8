import Catalogue
import Testing

@Suite struct `A stable hash` {
    private static func hash(_ bytes: [UInt8]) -> StableHash { StableHash(bytes.span) }

    /// These numbers stand in data folders: they must never change.
    @Test(
        arguments: [
            ("", 0x185B392DB4FE6978, 0xC78387491D169CFF),
            ("a", 0x90A4B879D1382BD0, 0xE6F86CEA79F232EA),
            ("abcdefgh", 0xC7682342CC8EDFBC, 0x0CA9829330391EE1),
            ("The log is the truth.", 0x52FAB5A87061A4E6, 0xD2DF3EA8014364B9),
        ] as [(String, UInt64, UInt64)])
    func `has these values for ever`(text: String, high: UInt64, low: UInt64) {
        #expect(Self.hash(Array(text.utf8)) == StableHash(high: high, low: low))
    }

    /// Made by another implementation of the drawing in `JoinKey`.
    @Test func `of a half is made of its owner and what it waits for`() {
        var observer = LineObserver()
        _ = observer.observe(SampleLine.tool("PreToolUse", id: 1).text)
        var request = SampleLine.tool("PermissionRequest", id: 2)
        request.agentID = #""\u0061\u0031""#
        _ = observer.observe(request.text)
        #expect(
            observer.takeChanges().written.map(\.key) == [
                StableHash(high: 0x9FB0511192A7A1C5, low: 0x825AE2D57C3B457B),
                StableHash(high: 0x06854D748BB6CEAB, low: 0x19DBBBEECB77F80F),
            ])
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
