internal import Glibc
public import NIOPosix

/// Finds the addresses of a host.
public struct Resolver: Sendable {
    let addresses: @Sendable (String) async throws -> [IPAddress]

    public init(_ addresses: @escaping @Sendable (String) async throws -> [IPAddress]) {
        self.addresses = addresses
    }

    public struct Failure: Error, Sendable {
        public let message: String
    }

    /// The system's, which blocks: on threads of its own, since a name server that is dead holds them for
    /// as long as `resolv.conf` says.
    public static func system(_ threads: NIOThreadPool) -> Resolver {
        Resolver { host in
            try await threads.runIfActive { try lookUp(host) }
        }
    }

    private static func lookUp(_ host: String) throws(Failure) -> [IPAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            let words = unsafe gai_strerror(code).map { unsafe String(cString: $0) }
            throw Failure(message: "\(host) is not found: \(words ?? "error \(code)")")
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            // One that cannot be read is no reason to dial another one unseen.
            guard let address = unsafe address(entry.pointee) else {
                throw Failure(message: "\(host) has an address of an unknown kind")
            }
            if !addresses.contains(address) { addresses.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return addresses
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = unsafe getnameinfo(
            entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return nil }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return IPAddress(String(decoding: bytes, as: UTF8.self))
    }
}
