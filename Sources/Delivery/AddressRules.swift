/// Which addresses may be dialled: those of the public Internet, and, of hosts that are allowed by name and
/// port, private ones. Where a cloud hands out its keys, and what is nobody's, never.
public struct AddressRules: Sendable {
    /// `host:port`, in small letters.
    private let allowed: Set<String>

    public init(allowHosts: [String]) {
        allowed = Set(allowHosts.map { $0.lowercased() })
    }

    enum Kind { case open, local, never }

    /// Loopback, private networks.
    private static let local = [
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128",
        "fc00::/7", "fec0::/10",
    ].map(AddressRange.init)

    /// Metadata services and other link-local addresses; nobody's; reserved; multicast.
    private static let never = [
        "169.254.0.0/16", "100.100.100.200/32", "192.0.0.0/24", "fd00:ec2::/32", "fd20:ce::/32",
        "fe80::/10", "0.0.0.0/8", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/128", "100::/64", "2001::/32",
        "2001:db8::/32", "ff00::/8",
    ].map(AddressRange.init)

    static func kind(_ address: IPAddress) -> Kind {
        let bytes = address.embedded ?? address.bytes
        if never.contains(where: { $0.contains(bytes) || $0.contains(address.bytes) }) {
            return .never
        }
        return local.contains { $0.contains(bytes) || $0.contains(address.bytes) } ? .local : .open
    }

    /// Why a host may not be dialled; nil where it may. Every one of its addresses must be allowed: else
    /// it would depend on chance.
    func refusal(_ url: WebhookURL, _ addresses: [IPAddress]) -> String? {
        guard !addresses.isEmpty else { return "\(url.host) has no address" }
        for address in addresses {
            switch Self.kind(address) {
            case .open: continue
            case .local where allowed.contains("\(url.host):\(url.port)"): continue
            case .local:
                return "\(url.host) leads to a private address: allow \(url.host):\(url.port) with "
                    + "webhook_allow_hosts"
            case .never: return "\(url.host) leads to an address that is never dialled"
            }
        }
        return nil
    }
}
