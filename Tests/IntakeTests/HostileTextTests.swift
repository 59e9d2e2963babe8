import EventLine
import Foundation
import Intake
import StrictJSON
import Testing
import TestSupport

@Suite struct `A hostile text` {
    /// Each character as itself where JSON allows that, or as an escape.
    private static func spelled(_ text: String, _ random: inout SplitMix64) -> String {
        var token = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" || random.isOnce(in: 3) {
                token += escapedToken(String(scalar)).unicodeScalars.dropFirst().dropLast()
            } else {
                token.append(scalar)
            }
        }
        return String(token) + "\""
    }

    /// Foundation's reader drops byte order marks within strings, so they are left out on both sides.
    private static func bytes(_ text: String) -> [UInt8] {
        Array(
            String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\u{FEFF}" })).utf8)
    }

    private static let pieces = [
        "\"", "\\", "\n", "\r", "\r\n", "\u{0}", "\t", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{7F}",
        "\u{85}", "/", "😀", "e\u{301}", "\u{202E}", "\u{FFFF}", "\"}\n{\"id\":1,", "\\u0022", "\\n",
        "',", "<script>", "a", "b", "\",\"type\":\"", "}}]]", "\u{1B}[2J", "\u{1F}",
    ]

    @Test(arguments: seeds(150, long: 20_000))
    func `cannot break the line, wherever it stands`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        func text() -> String {
            (0..<Int.random(in: 1...8, using: &random)).map { _ in random.pick(Self.pieces) }
                .joined()
        }
        let texts = (0..<9).map { _ in text() }
        let spellings = texts.map { Self.spelled($0, &random) }
        let taken = try take(
            #"""
            {"type":\#(spellings[0]),"source_app":\#(spellings[1]),"session_id":\#(spellings[2]),\#
            "agent_id":\#(spellings[3]),"event_id":\#(spellings[4]),"data":{\#(spellings[5]):\#
            [\#(spellings[6])]},"metadata":{"m":\#(spellings[7])},"other":\#(spellings[8])}
            """#)
        #expect(taken.line.count { $0 == 0x0A } == 1)
        #expect(taken.line.last == 0x0A)
        let object = try taken.object()
        #expect(object.count == 13)
        let read: [Any?] = [
            object["type"], object["source_app"], object["session_id"], object["agent_id"],
            object["event_id"], (object["data"] as? [String: Any])?.first?.key,
            ((object["data"] as? [String: Any])?.first?.value as? [Any])?.first,
            (object["metadata"] as? [String: Any])?["m"], object["other"],
        ]
        for (text, value) in zip(texts, read) {
            let value = try #require(value as? String)
            #expect(Self.bytes(value) == Self.bytes(text))
        }
    }

    @Test(arguments: seeds(50, long: 5_000))
    func `cannot break the line of a hook's app either`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in random.pick(Self.pieces) }
            .joined()
        var taking = take
        taking.sourceApp = text
        let input = #"{"hook_event_name":"Stop","session_id":"s","cwd":\#(token("/a/" + text))}"#
        let given = try taking(input)
        #expect(given.line.count { $0 == 0x0A } == 1)
        let app = try #require(given.object()["source_app"] as? String)
        #expect(Self.bytes(app) == Self.bytes(text))
        let folder = ("/a/" + text).utf8.split { $0 == 0x2F || $0 == 0x5C }.last ?? "".utf8[...]
        let named = try take(input)
        #expect(named.line.count { $0 == 0x0A } == 1)
        let name = try #require(named.object()["source_app"] as? String)
        #expect(Self.bytes(name) == Self.bytes(String(Substring(folder))))
    }
}
