/// Where and why a text is not JSON as RFC 8259 has it.
///
/// A fault never carries the text itself: it is safe to send to the one who sent the text.
public struct JSONFault: Error, Equatable, Sendable {
    /// What the grammar did not allow. The raw value is the word used in messages.
    public enum Reason: String, Sendable {
        case unexpectedByte = "unexpected byte"
        case unexpectedEnd = "unexpected end"
        case invalidNumber = "invalid number"
        case invalidLiteral = "invalid literal"
        case invalidEscape = "invalid escape"
        case controlCharacter = "unescaped control character"
        case invalidUTF8 = "invalid UTF-8"
        case tooDeep = "nested too deeply"
        case trailingBytes = "more bytes after the value"
        case byteOrderMark = "byte order mark"
    }

    public let reason: Reason
    /// Bytes from the start of the scanned text.
    public let offset: Int

    @usableFromInline
    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension JSONFault: CustomStringConvertible {
    public var description: String { "\(reason.rawValue) at byte \(offset)" }
}
