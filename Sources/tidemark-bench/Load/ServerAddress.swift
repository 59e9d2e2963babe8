import ArgumentParser

/// `http://host:port`, with a path or without. Only plain HTTP: TLS would be measured with it.
struct ServerAddress: ExpressibleByArgument, CustomStringConvertible, Sendable {
    let host: String
    let port: Int
    /// Nil where the server's usual ones are meant.
    let path: String?

    static let standard = ServerAddress(host: "127.0.0.1", port: 4000, path: nil)

    var description: String { "http://\(authority)\(path ?? "")" }
    var defaultValueDescription: String { "http://\(authority)" }

    /// As in the `Host` header.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    init(host: String, port: Int, path: String?) {
        self.host = host
        self.port = port
        self.path = path
    }

    init?(argument: String) {
        let scheme = "http://"
        guard argument.hasPrefix(scheme) else { return nil }
        let rest = argument.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard let (host, port) = Self.split(authority) else { return nil }
        self.init(host: host, port: port, path: path.count > 1 ? String(path) : nil)
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int)? {
        let isBracketed = authority.hasSuffix("]")
        guard !isBracketed, let colon = authority.lastIndex(of: ":") else {
            return authority.isEmpty ? nil : (unbracketed(authority), 80)
        }
        let host = unbracketed(authority[..<colon])
        guard !host.isEmpty, let port = UInt16(authority[authority.index(after: colon)...])
        else { return nil }
        return (host, Int(port))
    }

    private static func unbracketed(_ host: Substring) -> String {
        String(host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host)
    }
}
