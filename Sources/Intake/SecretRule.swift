/// How one kind of secret looks. Shapes, not regular expressions: they cost the same whatever text
/// they meet.
public struct SecretRule: Equatable, Sendable {
    /// Which bytes may follow a token's prefix.
    public enum Alphabet: String, Sendable, CaseIterable {
        case digits
        case hex
        case upperAlphanumeric = "upper_alphanumeric"
        case alphanumeric
        /// Letters, digits, `-` and `_`.
        case base64url
        /// Letters, digits, `+`, `/`, `=`, `-`, `_`, `.` and `~`: all that RFC 6750 lets a token be.
        case token

        func contains(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "A")...UInt8(ascii: "F"): self != .digits
            case UInt8(ascii: "G")...UInt8(ascii: "Z"): self != .digits && self != .hex
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                self != .digits && self != .upperAlphanumeric
            case UInt8(ascii: "g")...UInt8(ascii: "z"): hasLowercase
            case UInt8(ascii: "-"), UInt8(ascii: "_"): self == .base64url || self == .token
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                self == .token
            default: false
            }
        }

        private var hasLowercase: Bool {
            self == .alphanumeric || self == .base64url || self == .token
        }
    }

    public enum Shape: Equatable, Sendable {
        /// A prefix, then so many bytes of an alphabet; `parts` such runs, with dots between them.
        case token(
            prefix: String, alphabet: Alphabet, lengthMin: Int, lengthMax: Int = .max,
            parts: Int = 1)
        /// All from a `-----BEGIN … PRIVATE KEY` line to its END line, or to the end of the text.
        case privateKey
        /// `name: value` or `name=value` within a text, an `Authorization` scheme included; and the
        /// whole value of a JSON key of that name. Case does not matter.
        case assignment(name: String)
        /// The whole value of a JSON key of that name. Case does not matter.
        case field(name: String)
    }

    /// Stands in the place of the secret and in the event's metadata.
    public let name: String
    public let shape: Shape

    public init(name: String, shape: Shape) {
        self.name = name
        self.shape = shape
    }

    /// A shorter prefix would look like ordinary text, and the search needs three bytes.
    public static let prefixBytesMin = 3

    /// The text whose presence makes an event worth a closer look.
    var literal: LiteralSearch.Literal {
        switch shape {
        case .token(let prefix, _, _, _, _):
            LiteralSearch.Literal(text: Array(prefix.utf8), ignoresCase: false)
        case .privateKey: LiteralSearch.Literal(text: PrivateKeyBlock.begin, ignoresCase: false)
        case .assignment(let name), .field(let name):
            LiteralSearch.Literal(text: Array(name.lowercased().utf8), ignoresCase: true)
        }
    }
}
