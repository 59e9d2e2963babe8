import NIOPosix
import Testing

@testable import Delivery

@Suite struct `An address` {
    private static let rules = AddressRules(allowHosts: [
        "Hook.test:8080", "127.0.0.1:9", "[::1]:9",
    ])

    private func refusal(_ url: String, _ addresses: [String]) throws -> String? {
        try Self.rules.refusal(WebhookURL(url), addresses.map { try #require(IPAddress($0)) })
    }

    @Test(arguments: ["93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"])
    func `of the Internet is dialled`(address: String) throws {
        #expect(try refusal("https://hook.test", [address]) == nil)
    }

    @Test(
        arguments: [
            "127.0.0.1", "127.255.0.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
            "100.64.0.1", "::1", "fc00::1", "fdff::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
            "2002:7f00:1::", "::ffff:7f00:1",
        ])
    func `that is private is dialled for a name and port that are allowed`(address: String) throws {
        #expect(try refusal("http://hook.test:8080/x", [address]) == nil)
        #expect(try refusal("http://hook.test:8081/x", [address]) != nil)
        #expect(try refusal("http://other.test:8080/x", [address]) != nil)
        // One such address among others is enough to refuse.
        #expect(try refusal("http://other.test", ["8.8.8.8", address]) != nil)
    }

    @Test(
        arguments: [
            "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
            "fd20:ce::254", "fe80::1", "0.0.0.0", "0.1.2.3", "255.255.255.255", "224.0.0.1",
            "240.0.0.1", "::", "ff02::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::", "198.18.0.1", "::169.254.169.254", "64:ff9b:1::a9fe:a9fe",
        ])
    func `of metadata or nobody's is never dialled`(address: String) throws {
        #expect(try refusal("http://hook.test:8080", [address])?.contains("never") == true)
        #expect(try refusal("http://hook.test:8080", ["8.8.8.8", address]) != nil)
    }

    @Test func `is needed`() throws {
        #expect(try refusal("http://hook.test:8080", []) != nil)
    }

    @Test(
        arguments: [
            ("https://example.com", "https://example.com/"),
            ("HTTPS://Example.COM:443/a?b=c%20d", "https://example.com/a?b=c%20d"),
            ("http://example.com:8080", "http://example.com:8080/"),
            ("http://exa%6Dple.com", "http://example.com/"),
            ("http://[::1]:9/x", "http://[::1]:9/x"), ("http://127.1/", "http://127.1/"),
        ])
    func `is that of a URL, of which there is one reading`(url: String, text: String) throws {
        #expect(try WebhookURL(url).text == text)
    }

    @Test(
        arguments: [
            "", "example.com", "ftp://example.com", "http://", "http://user@example.com",
            "http://u:p@example.com", "http://example.com/#x", "http://exa mple.com",
            "http://bücher.example", "http://example.com:0", "http://example.com:99999",
            "http://a\\@b/", "http://[fe80::1%25eth0]/",
            "file:///etc/passwd",
            "http://example.com/\u{7F}", "http://" + String(repeating: "a", count: 2_048),
        ])
    func `is not looked for where the URL is none`(url: String) {
        #expect(throws: WebhookURL.Fault.self) { try WebhookURL(url) }
    }

    /// Spellings that a look at the text alone would miss.
    @Test(arguments: ["127.1", "0x7f000001", "2130706433", "017700000001", "localhost"])
    func `is what the system makes of a name`(name: String) async throws {
        let resolver = Resolver.system(.singleton)
        let addresses = try await resolver.addresses(name)
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { AddressRules.kind($0) == .local }, "\(addresses)")
        #expect(try Self.rules.refusal(WebhookURL("http://\(name)/"), addresses) != nil)
    }

    @Test func `of nobody is told as such`() async throws {
        let error = await #expect(throws: Resolver.Failure.self) {
            try await Resolver.system(.singleton).addresses("no-such-host.invalid")
        }
        #expect(error?.message.hasPrefix("no-such-host.invalid is not found") == true)
    }
}
