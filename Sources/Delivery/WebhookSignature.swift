internal import Crypto
internal import Foundation

/// The `webhook-signature` of a message, by Standard Webhooks 1.0.0.
enum WebhookSignature {
    /// One for each secret: while one is replaced by another, a receiver may check either.
    static func make(
        id: String, seconds: Int64, body: [UInt8], secrets: [WebhookSecret]
    ) -> String {
        let signed = Array("\(id).\(seconds).".utf8) + body
        return secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: secret.key)
            return "v1," + Data(code).base64EncodedString()
        }.joined(separator: " ")
    }
}
