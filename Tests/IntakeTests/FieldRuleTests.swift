import Intake
import Testing

@Suite struct `A field rule` {
    private static func data(_ data: String) throws -> String? {
        var taking = take
        taking.rules = [SecretRule(name: "pass", shape: .field(name: "PassWord"))]
        return try taking(native(data: data)).data
    }

    @Test(arguments: [
        #"{"password":"x"}"#, #"{"PASSWORD":"long text"}"#, #"{"pass\u0077ord":"\u0078"}"#,
    ])
    func `takes out the value of its key`(data: String) throws {
        let colon = try #require(data.firstIndex(of: ":"))
        #expect(try Self.data(data) == String(data[...colon]) + #""[redacted:pass]"}"#)
    }

    @Test(arguments: [
        #"{"my_password":"some text"}"#, #"{"password2":"some text"}"#, #""password: some text""#,
        #"{"a":"password=some text"}"#, #"{"password":{"a":"b"}}"#, #"{"passwor":"some text"}"#,
    ])
    func `touches no text and no other key`(data: String) throws {
        #expect(try Self.data(data) == data)
    }
}
