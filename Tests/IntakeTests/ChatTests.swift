import EventLine
import Foundation
import Intake
import Testing

/// The transcript that the reference's hooks send with the end of a turn.
@Suite struct `A chat` {
    private static func reference(_ members: String) -> String {
        #"{"hook_event_type":"Stop","source_app":"a","session_id":"s","payload":{"k":1},\#(members)}"#
    }

    private static func note(_ count: Int, _ array: String) -> String {
        #"{"chat":{"count":\#(count),"sha256":"\#(sha256(array))"}}"#
    }

    @Test func `leaves its count and hash in the event`() throws {
        let taken = try take(Self.reference(#""chat": [ {"a": 1}, "b" ,[ ] ], "summary":"x""#))
        #expect(taken.metadata == Self.note(3, #"[{"a":1},"b",[]]"#))
        #expect(taken.text.hasSuffix(#"}},"summary":"x"}"# + "\n"))
        #expect(!taken.text.contains(#""b""#))
        #expect(String(decoding: taken.chat ?? [], as: UTF8.self) == #"[{"a":1},"b",[]]"#)
        let note = try #require(ChatNote(line: taken.line))
        #expect(note == ChatNote(count: 3, sha256: sha256(#"[{"a":1},"b",[]]"#)))
    }

    @Test(
        arguments: [
            #""chat":[]"#, #""chat":{"a":1}"#, #""chat":null"#, #""chat":"[1]""#,
            #""chat":[1],"chat":[2]"#, #""Chat":[1]"#, #""ch\u0061t":[1]"#, #""chats":[1]"#,
        ])
    func `stays as it came where it is no one list of messages`(members: String) throws {
        let taken = try take(Self.reference(members))
        #expect(taken.metadata == nil && taken.chat == nil)
        #expect(taken.text.hasSuffix("},\(members)}\n"))
    }

    @Test func `is any other key in another dialect`() throws {
        let taken = try take(
            #"{"type":"Stop","source_app":"a","session_id":"s","data":{},"chat":[1]}"#)
        #expect(taken.text.hasSuffix(#""data":{},"chat":[1]}"# + "\n"))
        #expect(taken.metadata == nil && taken.chat == nil)
        let raw = try take(
            #"{"hook_event_name":"Stop","session_id":"s","cwd":"/a","chat":[1]}"#)
        #expect(raw.data?.contains(#""chat":[1]"#) == true && raw.chat == nil)
    }

    @Test func `stays as it came where it has too many messages`() throws {
        let fits = "[" + Array(repeating: "1", count: 65_536).joined(separator: ",") + "]"
        #expect(try take(Self.reference(#""chat":\#(fits)"#)).metadata == Self.note(65_536, fits))
        let larger = fits.dropLast() + ",1]"
        let taken = try take(Self.reference(#""chat":\#(larger)"#))
        #expect(taken.metadata == nil && taken.text.hasSuffix(#","chat":\#(larger)}"# + "\n"))
    }

    @Test func `cannot be noted by a sender`() throws {
        let forged = #"{"chat":{"count":1,"sha256":"x"}}"#
        #expect(
            try take(Self.reference(#""metadata":\#(forged)"#)).metadata
                == #"{"sender":\#(forged)}"#)
        #expect(
            try take(native(#""metadata":\#(forged),"#)).metadata == #"{"sender":\#(forged)}"#)
    }

    @Test func `is redacted and capped like all else`() throws {
        let secret = ["gh", "p_", String(repeating: "a1B2", count: 9)].joined()
        var taking = Taking()
        taking.limits.stringBytesMax = 24
        let text = String(repeating: "x", count: 30)
        let taken = try taking(Self.reference(#""chat":["\#(secret)",{"t":"\#(text)"}]"#))
        let stored = #"["[redacted:github_token]",{"t":"\#(text.prefix(24))"}]"#
        #expect(String(decoding: taken.chat ?? [], as: UTF8.self) == stored)
        let metadata = try #require(taken.metadata)
        #expect(metadata.contains(#""redacted":{"github_token":1}"#))
        #expect(metadata.contains(#""path":"/chat/1/t","bytes":30"#))
        #expect(metadata.hasSuffix(#""chat":{"count":2,"sha256":"\#(sha256(stored))"}}"#))
        #expect(!taken.batchBytes.containsText(secret))
    }
}

extension ChatNote {
    init?(line: [UInt8]) { self.init(line.span) }
}

extension [UInt8] {
    func containsText(_ text: String) -> Bool {
        String(decoding: self, as: UTF8.self).contains(text)
    }
}
