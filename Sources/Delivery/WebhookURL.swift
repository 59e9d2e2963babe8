internal import Foundation

/// Where a webhook's messages go, taken apart in one way only: what is checked is what is dialled.
public struct WebhookURL: Equatable, Sendable {
    public static let bytesMax = 2_048

    public struct Fault: Error, Sendable {
        public let message: String
    }

    let scheme: String
    /// In small letters; of an IPv6 address without its brackets.
    public let host: String
    public let port: Int
    /// Path and query.
    let target: String
    /// As it is given to the HTTP client, made of the parts above.
    var text: String { "\(scheme)://\(authority)\(target)" }

    private var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return isPortUsual ? name : "\(name):\(port)"
    }

    private var isPortUsual: Bool { port == (scheme == "https" ? 443 : 80) }

    public init(_ text: String) throws(Fault) {
        guard text.utf8.count <= Self.bytesMax,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let name = parts.host, !name.isEmpty
        else {
            throw Fault(message: "must be like https://example.com/hook, in ASCII")
        }
        guard parts.user == nil, parts.password == nil else {
            throw Fault(message: "must have no user and no password in it")
        }
        guard parts.fragment == nil else { throw Fault(message: "must have no # in it") }
        let bare = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name
        guard IPAddress(bare) != nil || bare.utf8.allSatisfy(Self.isOfName) else {
            throw Fault(message: "must have a host of letters, digits, dots and hyphens")
        }
        let port = parts.port ?? (scheme == "https" ? 443 : 80)
        guard (1...65_535).contains(port) else {
            throw Fault(message: "must have a port from 1 to 65535")
        }
        self.scheme = scheme
        host = bare.lowercased()
        self.port = port
        let path = parts.percentEncodedPath
        target =
            (path.isEmpty ? "/" : path) + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// To another path of the same server.
    func with(path: String) -> String { "\(scheme)://\(authority)\(path)" }
}
