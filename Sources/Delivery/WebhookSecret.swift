internal import Crypto
internal import Foundation

/// What a webhook's messages are signed with: `whsec_` and 24 to 64 bytes in base64.
public struct WebhookSecret: Sendable {
    public static let prefix = "whsec_"
    public static let bytes = 24...64

    public let text: String
    let key: SymmetricKey

    /// nil where the text is none.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let bytes = Data(base64Encoded: String(text.dropFirst(Self.prefix.utf8.count))),
            Self.bytes.contains(bytes.count)
        else { return nil }
        self.text = text
        key = SymmetricKey(data: bytes)
    }

    private init(_ key: SymmetricKey) {
        self.key = key
        text = unsafe Self.prefix + key.withUnsafeBytes { unsafe Data($0).base64EncodedString() }
    }

    /// A new one.
    public static func make() -> WebhookSecret { WebhookSecret(SymmetricKey(size: .bits256)) }
}
