/// Copies a validated JSON text without the white space between its tokens.
///
/// Every token keeps its bytes: escapes, number spellings and key order are the sender's.
public enum JSONCompactor {
    public static func append(
        _ range: Range<Int>, of bytes: Span<UInt8>, to output: inout [UInt8]
    ) {
        var position = range.lowerBound
        var runStart = position
        while position < range.upperBound {
            let byte = bytes[position]
            if byte == JSONByte.quote {
                position = endOfString(from: position, in: bytes)
            } else if JSONByte.isWhitespace(byte) {
                output.append(contentsOf: bytes, runStart..<position)
                position += 1
                while position < range.upperBound, JSONByte.isWhitespace(bytes[position]) {
                    position += 1
                }
                runStart = position
            } else {
                position += 1
            }
        }
        output.append(contentsOf: bytes, runStart..<range.upperBound)
    }

    /// One past the closing quote of the validated string that starts here.
    private static func endOfString(from start: Int, in bytes: Span<UInt8>) -> Int {
        var position = start + 1
        while bytes[position] != JSONByte.quote {
            position += bytes[position] == JSONByte.backslash ? 2 : 1
        }
        return position + 1
    }
}

extension [UInt8] {
    /// Appends a part of a span in one copy.
    public mutating func append(contentsOf bytes: Span<UInt8>, _ range: Range<Int>) {
        unsafe bytes.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
