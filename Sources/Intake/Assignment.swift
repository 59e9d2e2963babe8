/// `name: value`, `name=value`, `"name": "value"`, `name: Scheme value`.
enum Assignment {
    private static let schemes = ["bearer", "basic", "token", "digest", "negotiate", "apikey"]
    private static let schemeBytesMax = 9
    /// Shorter values are words such as `none` or `required`.
    private static let valueBytesMin = 6

    static func value(after name: Int, in text: inout SearchedText) -> Range<Int>? {
        let sign = text.end(of: .blankOrQuote, from: name)
        guard
            text.contains(UInt8(ascii: ":"), at: sign) || text.contains(UInt8(ascii: "="), at: sign)
        else { return nil }
        var start = text.end(of: .blankOrQuote, part: 1, from: sign + 1)
        var end = text.end(of: .value, from: start)
        if isScheme(text.bytes[start..<end]) {
            start = text.end(of: .blank, from: end)
            end = text.end(of: .value, from: start)
        }
        return end - start >= valueBytesMin ? start..<end : nil
    }

    private static func isScheme(_ word: ArraySlice<UInt8>) -> Bool {
        word.count <= schemeBytesMax
            && schemes.contains(String(decoding: word, as: UTF8.self).lowercased())
    }
}
