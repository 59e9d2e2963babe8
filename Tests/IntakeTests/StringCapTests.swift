import EventLine
import Foundation
import Intake
import Testing

/// What is kept of long strings, and what is told of the rest.
@Suite struct `A string that is too long` {
    private static func capping(_ bytes: Int) -> Taking {
        var taking = Taking()
        taking.limits.stringBytesMax = bytes
        return taking
    }

    private static func capped(_ taken: Taken) throws -> [[String: String]] {
        let metadata = try #require(try taken.object()["metadata"] as? [String: Any])
        let capped = try #require(metadata["capped"] as? [String: Any])
        let strings = try #require(capped["strings"] as? [[String: Any]])
        return strings.map { $0.mapValues { "\($0)" } }
    }

    private static let long = String(repeating: "0123456789", count: 4)

    @Test func `is hashed as everybody hashes`() {
        #expect(
            sha256("abc")
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `keeps its head, and its place, length and hash are told`() throws {
        let taken = try Self.capping(16)(native(data: #"{"a":{"b":[1,"x","\#(Self.long)"]}}"#))
        #expect(taken.data == #"{"a":{"b":[1,"x","0123456789012345"]}}"#)
        #expect(
            taken.metadata == #"""
                {"capped":{"count":1,"strings":[{"path":"/data/a/b/2","bytes":40,"sha256":"\#
                \#(sha256(Self.long))"}]}}
                """#)
    }

    @Test(arguments: [39, 40, 41, 0])
    func `is one byte longer than the limit`(bytesMax: Int) throws {
        let taken = try Self.capping(bytesMax)(native(data: #""\#(Self.long)""#))
        #expect((taken.metadata != nil) == (bytesMax == 39))
        #expect((taken.data == #""\#(Self.long)""#) == (bytesMax != 39))
    }

    @Test func `is measured and hashed by what it says, not by how it is spelled`() throws {
        let text = String(repeating: "é\n", count: 10)
        let taken = try Self.capping(29)(native(data: #"{"k":\#(escapedToken(text))}"#))
        // Ten letters of two bytes and ten line feeds: one byte too many, and the head ends with a letter.
        #expect(try Self.capped(taken)[0]["bytes"] == "30")
        #expect(try Self.capped(taken)[0]["sha256"] == sha256(text))
        #expect(taken.data == #"{"k":"\#(String(repeating: #"é\n"#, count: 9))é"}"#)
        let whole = try Self.capping(30)(native(data: #"{"k":\#(escapedToken(text))}"#))
        #expect(whole.metadata == nil)
    }

    @Test(arguments: 10...16)
    func `is cut between characters`(bytesMax: Int) throws {
        let taken = try Self.capping(bytesMax)(native(data: #""abc😀é語x😀😀""#))
        let data = try #require(taken.data)
        let kept = data.dropFirst().dropLast()
        #expect(kept.utf8.count <= bytesMax && kept.utf8.count > bytesMax - 4)
        #expect("abc😀é語x😀😀".hasPrefix(kept))
    }

    @Test func `may stand in metadata and in the sender's other members`() throws {
        let taken = try Self.capping(16)(
            native(
                #""metadata":{"m":"\#(Self.long)"},"id":"\#(Self.long)","x/~y":["\#(Self.long)"],"#)
        )
        #expect(
            try Self.capped(taken).map { $0["path"] }
                == ["/metadata/m", "/metadata/sender/id", "/x~1~0y/0"])
        #expect(taken.text.contains(#""x/~y":["0123456789012345"]"#))
        #expect(taken.text.contains(#""sender":{"id":"0123456789012345"}"#))
    }

    @Test func `is never a key, nor a text that the envelope is made of`() throws {
        let key = try Self.capping(16)(native(data: #"{"\#(Self.long)":1}"#))
        #expect(key.data == #"{"\#(Self.long)":1}"#)
        let raw = try Self.capping(16)(
            #"{"hook_event_name":"Stop","session_id":"\#(Self.long)","cwd":"/\#(Self.long)","#
                + #""tool_use_id":"\#(Self.long)","other":"\#(Self.long)"}"#)
        #expect(raw.sessionID == #""\#(Self.long)""#)
        #expect(raw.sourceApp == #""\#(Self.long)""#)
        #expect(try Self.capped(raw).map { $0["path"] } == ["/data/other"])
        #expect(raw.data?.contains(#""tool_use_id":"\#(Self.long)""#) == true)
    }

    @Test func `is redacted before it is cut or hashed`() throws {
        let secret = ["gh", "p_", String(repeating: "a1B2", count: 9)].joined()
        let marker = "[redacted:github_token]"
        let taken = try Self.capping(30)(native(data: #""\#(secret) \#(Self.long)""#))
        #expect(taken.data == #""\#(marker) 012345""#)
        #expect(try Self.capped(taken)[0]["sha256"] == sha256("\(marker) \(Self.long)"))
        #expect(taken.metadata?.contains(#""redacted":{"github_token":1}"#) == true)
    }

    @Test func `is told of by Tidemark alone`() throws {
        let forged = #"{"capped":{"count":9,"strings":[]},"mine":1}"#
        let plain = try take(native(#""metadata":\#(forged),"#))
        #expect(
            plain.metadata == #"{"mine":1,"sender":{"capped":{"count":9,"strings":[]}}}"#)
        let cut = try Self.capping(16)(
            native(#""metadata":\#(forged),"#, data: #""\#(Self.long)""#))
        #expect(try Self.capped(cut).count == 1)
        #expect(cut.metadata?.contains(#""sender":{"capped":{"count":9,"strings":[]}}"#) == true)
    }

    @Test func `is counted where the list is full, and not named where its path is too long`()
        throws
    {
        let many = try Self.capping(16)(
            native(
                data: "[" + (0..<50).map { _ in #""\#(Self.long)""# }.joined(separator: ",") + "]"))
        #expect(try Self.capped(many).count == 32)
        #expect(many.metadata?.hasPrefix(#"{"capped":{"count":50,"#) == true)
        let key = String(repeating: "k", count: 1_100)
        let deep = try Self.capping(16)(
            native(data: #"{"\#(key)":"\#(Self.long)","b":"\#(Self.long)"}"#))
        #expect(try Self.capped(deep).map { $0["path"] } == [nil, "/data/b"])
    }

    @Test func `is the same again when the stored event is sent again`() throws {
        let first = try Self.capping(16)(native(data: #"{"a":"\#(Self.long)é"}"#))
        let second = try Self.capping(16)(String(first.text.dropLast()))
        #expect(second.data == first.data)
        #expect(second.metadata?.contains(#""sender":{"id":7,"#) == true)
    }

    @Test func `counts in whole for whether two events say the same`() throws {
        let event = #""event_id":"e","#
        let taking = Self.capping(16)
        let one = try taking(native(event, data: #""\#(Self.long)a""#))
        let same = try taking(native(event, data: #" "\#(Self.long)a""#))
        let other = try taking(native(event, data: #""\#(Self.long)b""#))
        #expect(one.data == other.data)
        #expect(one.item.content == same.item.content)
        #expect(one.item.content != other.item.content)
        for taken in [one, other] {
            let stored = try #require(taken.storedKey)
            #expect(stored.key == taken.item.key && stored.content == taken.item.content)
        }
    }

    @Test func `leaves every other token as it came`() throws {
        let data = #"{ "a":1e400,"b":"\u00e9\/", "c" : "\#(Self.long)", "d":[ ] }"#
        let taken = try Self.capping(16)(native(data: data))
        #expect(taken.data == #"{"a":1e400,"b":"\u00e9\/","c":"0123456789012345","d":[]}"#)
    }
}

/// As `sha256sum` has it.
func sha256(_ text: String) -> String { ContentHash.hex(of: Array(text.utf8).span) }
