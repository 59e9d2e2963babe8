/// What a metric may be called: `tool.duration`, `node:cpu/idle`.
///
/// A letter or `_`, then letters, digits and `_ . : / -`. No `{` is among them, so that a name ends
/// where its tags begin.
public enum MetricName {
    public static let bytesMax = 200

    public static func isValid(_ name: Span<UInt8>) -> Bool {
        guard (1...bytesMax).contains(name.count), isLetter(name[0]) else { return false }
        for index in 1..<name.count where !isAllowed(name[index]) { return false }
        return true
    }

    public static func isValid(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return isValid(bytes.span)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte | 0x20) &- UInt8(ascii: "a") < 26
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        // `-` to `:` are `- . /`, the digits and `:`.
        isLetter(byte) || (UInt8(ascii: "-")...UInt8(ascii: ":")).contains(byte)
    }
}
