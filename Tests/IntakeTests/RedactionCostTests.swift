import Intake
import Testing

/// What a sender repeats must not cost more than the bytes that it sends: with a cost that grows as
/// their square, these take many minutes.
@Suite struct `The cost of redaction` {
    private static let bytes = 300_000

    private static func repeated(_ text: String) -> String {
        String(repeating: text, count: bytes / text.utf8.count)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [("e", "yJ"), ("AI", "za"), ("S", "G."), ("npm", "_"), ("Bea", "rer ")])
    func `grows with a text of many beginnings, not with its square`(prefix: (String, String))
        throws
    {
        let text = Self.repeated("-" + prefix.0 + prefix.1)
        #expect(try take(native(data: token(text))).data == token(text))
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["authorization ", "-----BEGIN ", "x-api-key\""])
    func `grows with a text of many names, not with its square`(name: String) throws {
        let text = Self.repeated(name)
        #expect(try take(native(data: token(text))).data == token(text))
    }

    @Test(.timeLimit(.minutes(1)))
    func `does not grow with what stands between a key and the texts behind it`() throws {
        let blanks = String(repeating: " ", count: Self.bytes)
        let texts = Array(repeating: #""a""#, count: Self.bytes / 8).joined(separator: ",")
        let taken = try take(native(data: #"{"authorization":\#(blanks)1,"b":[\#(texts)]}"#))
        #expect(taken.data == #"{"authorization":1,"b":[\#(texts)]}"#)
    }
}
