internal import Crypto

/// SHA-256 of bytes that come in pieces, spelled as `sha256sum` spells it.
public struct ContentHash: Sendable {
    private var hash = SHA256()

    public init() {}

    public mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    }

    /// Of all pieces so far.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in hash.finalize() {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    public static func hex(of bytes: Span<UInt8>) -> String {
        var hash = ContentHash()
        hash.update(bytes)
        return hash.hex
    }
}
