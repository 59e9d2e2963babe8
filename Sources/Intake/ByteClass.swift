/// What a run within a text may be made of.
enum ByteClass: Hashable {
    case alphabet(SecretRule.Alphabet)
    case blank
    /// What may stand around the sign of an assignment.
    case blankOrQuote
    /// What an assignment's value is made of.
    case value

    func contains(_ byte: UInt8) -> Bool {
        switch self {
        case .alphabet(let alphabet): alphabet.contains(byte)
        case .blank: Self.isBlank(byte)
        case .blankOrQuote: Self.isBlank(byte) || Self.isQuote(byte)
        case .value: !Self.isQuote(byte) && !Self.isDelimiter(byte)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// With the backslash that stands before it in JSON within JSON.
    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
            || byte == UInt8(ascii: "}")
    }
}
