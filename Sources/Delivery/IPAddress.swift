internal import Glibc

/// An address of IPv4 (4 bytes) or IPv6 (16).
public struct IPAddress: Hashable, Sendable {
    public let bytes: [UInt8]
    /// As it is dialled.
    public let text: String

    /// nil for any other spelling than the usual one: `127.1` is a name to be looked up.
    public init?(_ text: String) {
        guard let bytes = Self.packed(text, AF_INET, 4) ?? Self.packed(text, AF_INET6, 16) else {
            return nil
        }
        self.bytes = bytes
        self.text = text
    }

    private static func packed(_ text: String, _ family: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }

    /// The IPv4 address that an IPv6 address stands for, where it is mapped, translated or tunnelled.
    var embedded: [UInt8]? {
        guard bytes.count == 16 else { return nil }
        let isZero = bytes.prefix(10).allSatisfy { $0 == 0 }
        // ::ffff:a.b.c.d, and ::a.b.c.d, which nobody uses any more; but :: and ::1 are themselves.
        if isZero, bytes[10] == 0xFF, bytes[11] == 0xFF { return Array(bytes[12...]) }
        if isZero, bytes[10] == 0, bytes[11] == 0, bytes[12] != 0 || bytes[13] != 0 {
            return Array(bytes[12...])
        }
        // NAT64: 64:ff9b::/96 and 64:ff9b:1::/48.
        if bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B]) { return Array(bytes[12...]) }
        // 6to4: 2002:a.b.c.d::/48.
        if bytes.starts(with: [0x20, 0x02]) { return Array(bytes[2..<6]) }
        return nil
    }
}

/// A range of addresses: the first bits of an address.
struct AddressRange: Sendable {
    let prefix: [UInt8]
    let bits: Int

    /// - Parameter text: `10.0.0.0/8`. A literal of ours.
    init(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let address = IPAddress(String(parts[0])), let bits = Int(parts[1])
        else { preconditionFailure("BUG: no range of addresses: \(text)") }
        prefix = address.bytes
        self.bits = bits
    }

    func contains(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == prefix.count else { return false }
        let (whole, rest) = (bits / 8, bits % 8)
        guard bytes.prefix(whole).elementsEqual(prefix.prefix(whole)) else { return false }
        return rest == 0 || bytes[whole] >> (8 - rest) == prefix[whole] >> (8 - rest)
    }
}
