import Testing

@testable import Delivery

@Suite struct `A signature` {
    private static let known = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    private func make(_ secrets: [String]) throws -> String {
        let secrets = try secrets.map { try #require(WebhookSecret($0)) }
        return WebhookSignature.make(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8), secrets: secrets)
    }

    @Test func `is the one of the standard's own test`() throws {
        #expect(try make(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]) == Self.known)
    }

    @Test func `stands once for each secret`() throws {
        let other = WebhookSecret.make().text
        let both = try make([other, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
        let parts = both.split(separator: " ")
        #expect(parts.count == 2 && parts[1] == Self.known && parts[0] != parts[1])
        #expect(try String(parts[0]) == make([other]))
    }

    @Test func `has secrets of 24 to 64 bytes in base64, and new ones each time`() throws {
        for text in [
            "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZI",
            "whsec_!!!!", "whsec_" + String(repeating: "A", count: 88),
        ] {
            #expect(WebhookSecret(text) == nil, "\(text)")
        }
        let made = WebhookSecret.make()
        #expect(WebhookSecret(made.text)?.text == made.text)
        #expect(WebhookSecret.make().text != made.text)
    }
}
