internal import Crypto

/// `webhook-id`: by it a receiver knows a message again that is sent twice.
enum MessageID {
    private static let hashBytes = 16

    /// The same for the same transition and webhook, and another in every other store.
    static func make(_ storeKey: [UInt8], seq: Int64, webhook: String) -> String {
        var hash = SHA256()
        hash.update(data: storeKey)
        hash.update(data: (0..<8).map { UInt8(truncatingIfNeeded: seq >> (56 - 8 * $0)) })
        hash.update(data: Array(webhook.utf8))
        return "msg_" + hash.finalize().prefix(hashBytes).map(Self.hex).joined()
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
