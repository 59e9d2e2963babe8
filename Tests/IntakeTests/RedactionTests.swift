import EventFormats
import Intake
import Testing
import TestSupport

@Suite struct `A redacted event` {
    private static let aws = SecretSample.all[0].secret()
    private static let github = ["gh", "p_", String(repeating: "a1B2", count: 9)].joined()
    private static let jwt = ["ey", "JhbGciOiJI", ".", "eyJzdWIiOiIx", ".", "abc-_123456"].joined()

    @Test func `counts each kind, in the order of their coming`() throws {
        let taken = try take(
            native(data: #"["\#(Self.jwt)","\#(Self.aws) \#(Self.github)",{"k":"\#(Self.jwt)"}]"#))
        #expect(taken.metadata == #"{"redacted":{"jwt":2,"aws_access_key":1,"github_token":1}}"#)
        #expect(
            taken.data == #"""
                ["[redacted:jwt]","[redacted:aws_access_key] [redacted:github_token]",\#
                {"k":"[redacted:jwt]"}]
                """#)
    }

    @Test func `has only the token rewritten that held the secret`() throws {
        let taken = try take(
            native(
                #""x\u0031":"\u0041\/\ud800","#,
                data:
                    #"{ "\u0062" : ["\/\u00e9 \#(Self.aws)\n\ud83d\ude00", 1e400 , "\/\ud800\u00e9"] }"#
            ))
        #expect(
            taken.data == #"""
                {"\u0062":["/é [redacted:aws_access_key]\n😀",1e400,"\/\ud800\u00e9"]}
                """#)
        #expect(taken.text.hasSuffix(#","x\u0031":"\u0041\/\ud800"}"# + "\n"))
    }

    @Test func `is like any other in all that is not secret`() throws {
        func line(_ text: String) throws -> String {
            try take(
                #"""
                {"hook_event_type":"T","source_app":"a","session_id":"s","timestamp":0,"id":5,\#
                "payload":{"tool_use_id":"t","agent_id":"g","text":"\#(text)"},"chat":[ 1 ]}
                """#
            ).text
        }
        let marked = try line("[redacted:jwt]")
        #expect(
            try line(Self.jwt)
                == marked.replacing(
                    #""sender":{"id":5},"#, with: #""sender":{"id":5},"redacted":{"jwt":1},"#))
    }

    @Test func `is capped, and its ids made, after the secret is gone`() throws {
        let long = "sk-" + "ant-" + String(repeating: "a", count: 300)
        let taken = try take(
            #"{"type":"T","source_app":"\#(long)","session_id":"s","data":{"tool_use_id":"\#(long)"}}"#
        )
        #expect(taken.sourceApp == #""[redacted:anthropic_key]""#)
        let clean = try take(
            #"{"type":"T","source_app":"[redacted:anthropic_key]","session_id":"s","#
                + #""data":{"tool_use_id":"[redacted:anthropic_key]"}}"#)
        #expect(taken.eventID == clean.eventID)
        #expect(taken.item.key == clean.item.key)
    }

    @Test func `may have the same key twice, where two were secret`() throws {
        let taken = try take(native("\"\(Self.aws)\":1,\"\(Self.aws)Z\":2,\"\(Self.aws)\":3,"))
        #expect(
            taken.text.hasSuffix(
                #"""
                ,"[redacted:aws_access_key]":1,"\#(Self.aws)Z":2,"[redacted:aws_access_key]":3}

                """#))
    }

    @Test func `is named after a folder without its secret`() throws {
        let input = #"{"hook_event_name":"T","session_id":"s","cwd":"/a/\#(Self.aws)"}"#
        let taken = try take(input)
        #expect(taken.sourceApp == #""[redacted:aws_access_key]""#)
        #expect(!taken.text.contains(Self.aws))
    }

    @Test func `is not named by the request after a secret either`() throws {
        var taking = take
        taking.sourceApp = Self.aws
        let taken = try taking(#"{"hook_event_name":"T","session_id":"s"}"#)
        #expect(!taken.text.contains(Self.aws))
    }

    @Test(arguments: [
        "https://user:x@host/AKIA", "task-12345678901234567890123456789012345",
        "disk-a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2a1B2",
        "/home/dev/src/backend-api/Sources/sk-/x.swift",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "0194bc3a-7c1a-7b4e-9d2f-0a1b2c3d4e5f", "git diff --stat HEAD~1",
        "npm run build && npm_config_x=1",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "toolu_0a1b2c3d4e5f60718293a4b5", "prm_0123456789abcde", "claude-opus-4-5",
        "swift test --parallel",
        "sk-learn", "import sklearn as sk", "hf_hub_download(repo_id='x')", "r8_x = registers[8]",
        "SG.UN",
        "the bearer of this letter", "Bearer token missing", "Bearer <token>",
        "eyJ is how a token begins",
        "eyJhbGciOi.x.y", "AIzawa", "ghp_ is the prefix", "xoxb-…", "whsec_", "glpat-xxx",
        "npm_token", "pypi-server",
        "x-api-key", "authorization_code", "SELECT authorization FROM grants",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa\n-----END CERTIFICATE-----",
        "https://example.com/?id=AKIAIOSFODNN7", "ASIAN CUISINE IN THE CITY", "ACCALERATE",
        "sk_live", "rk_test_abc",
        "Exit code 1\nerror: cannot find 'x' in scope", "ya29 is not enough", "shpat_", "dop_v1_",
        "\u{2028}\n\t\\\"",
    ])
    func `is not what holds ordinary text`(text: String) throws {
        for token in [token(text), escapedToken(text)] {
            let taken = try take(native(data: "{\"k\":\(token),\(token):[1]}"))
            #expect(taken.data == "{\"k\":\(token),\(token):[1]}")
            #expect(taken.metadata == nil)
        }
    }

    @Test(arguments: seeds(100, long: 10_000))
    func `is not what holds random text`(seed: UInt64) throws {
        let document = RandomJSON(seed: seed)
        var event = Array(native("", data: "").utf8.dropLast()) + document.compact
        event.append(UInt8(ascii: "}"))
        let bytes = event
        #expect(Redactor().redact(0..<bytes.count, of: bytes.span) == nil)
    }

    @Test func `may be redacted again without a change`() throws {
        let once = try take(native(data: #"["\#(Self.jwt)"]"#))
        let again = try take(native(data: try #require(once.data)))
        #expect(again.data == once.data)
        #expect(again.metadata == nil)
    }
}

@Suite struct `A redactor` {
    private static func suspects(_ text: String, hidesASCII: Bool = false) -> Bool {
        let bytes = Array(text.utf8)
        return Redactor().suspects(0..<bytes.count, of: bytes.span, hidesASCII: hidesASCII)
    }

    @Test func `suspects what has the beginning of a secret, or might hide one`() {
        for sample in SecretSample.all { #expect(Self.suspects("x\(sample.prefixText)y")) }
        #expect(Self.suspects("AuThOrIzAtIoN"))
        #expect(Self.suspects("plain", hidesASCII: true))
    }

    @Test func `suspects no ordinary event`() {
        #expect(!Self.suspects(native(data: #"{"tool_name":"Bash","command":"swift build"}"#)))
        #expect(!Self.suspects(""))
    }
}
