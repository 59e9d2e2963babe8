import Intake
import Testing

@Suite struct `A private key` {
    private static let dashes = String(repeating: "-", count: 5)
    private static let body = ["MIIEvQIBADANBgkqhkiG9w0B", "AQEFAASCBKcwggSjAgEAAoIB", "xYz0/+a="]

    private static func block(_ label: String, _ lineEnd: String) -> String {
        let begin = "\(dashes)BEGIN \(label)\(dashes)"
        let end = "\(dashes)END \(label)\(dashes)"
        return ([begin] + body + [end]).joined(separator: lineEnd)
    }

    private static func said(_ text: String, _ spelled: (String) -> String = token) throws
        -> String?
    {
        let taken = try take(native(data: spelled(text)))
        for line in body { #expect(!taken.text.contains(line)) }
        return taken.data
    }

    private static let marker = "[redacted:private_key]"

    @Test(
        arguments: [
            "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY",
            "OPENSSH PRIVATE KEY",
            "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK",
        ], ["\n", "\r\n", "\\n", "\\\\n", " "])
    func `is taken out with all its lines`(label: String, lineEnd: String) throws {
        let block = Self.block(label, lineEnd)
        #expect(try Self.said(block) == token(Self.marker))
        #expect(try Self.said(block, escapedToken) == token(Self.marker))
        #expect(try Self.said("a \(block)\nb") == token("a \(Self.marker)\nb"))
        #expect(try Self.said("x\(block)y") == token("x\(Self.marker)y"))
        #expect(
            try Self.said("\(block)\n\(block)!") == token("\(Self.marker)\n\(Self.marker)!"))
    }

    @Test func `is taken out to the end where it has none`() throws {
        let block = Self.block("RSA PRIVATE KEY", "\n")
        for length in [120, 90, 60, 31] {
            let cut = block.prefix(length)
            let taken = try take(native(data: token("a \(cut)")))
            #expect(taken.data == token("a \(Self.marker)"))
        }
        let last = String(block.dropLast(2))
        #expect(try Self.said("\(last) and more") == token(Self.marker))
    }

    @Test(arguments: ["\n", "\\n", ""])
    func `ends with its own last line however short it is`(body: String) throws {
        let block = "\(Self.dashes)BEGIN PRIVATE KEY\(Self.dashes)\(body)\(Self.dashes)END "
        #expect(
            try Self.said("\(block)PRIVATE KEY\(Self.dashes)\nand more")
                == token("\(Self.marker)\nand more"))
    }

    @Test func `is counted and found beside other secrets`() throws {
        let key = SecretSample.all[0].secret()
        let block = Self.block("PRIVATE KEY", "\n")
        let taken = try take(native(data: token("\(key) \(block) \(key) \(block)")))
        #expect(
            taken.metadata == #"{"redacted":{"aws_access_key":2,"private_key":2}}"#)
    }

    @Test(arguments: [
        "PUBLIC KEY", "CERTIFICATE", "CERTIFICATE REQUEST", "PGP MESSAGE", "X509 CRL",
    ])
    func `is not what merely looks like one`(label: String) throws {
        let block = Self.block(label, "\n")
        #expect(try take(native(data: token(block))).data == token(block))
    }

    @Test(arguments: [
        "-----BEGIN ", "-----BEGIN-----", "BEGIN PRIVATE KEY", "---BEGIN PRIVATE KEY---",
        "PRIVATE KEY",
        "-----begin private key-----", "-----BEGINPRIVATE KEY-----",
    ])
    func `is not a part of its frame`(text: String) throws {
        #expect(try take(native(data: token(text))).data == token(text))
    }
}
