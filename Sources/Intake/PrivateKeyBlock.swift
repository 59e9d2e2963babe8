/// A private key as PEM (RFC 7468) or OpenPGP armour, its line ends real or written as `\n`.
enum PrivateKeyBlock {
    static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let label = Array("PRIVATE KEY".utf8)
    private static let dashes = Array("-----".utf8)
    /// `-----BEGIN PGP PRIVATE KEY BLOCK-----` and the like.
    private static let labelBytesMax = 40

    static func range(at start: Int, in text: inout SearchedText) -> Range<Int>? {
        let textEnd = text.bytes.count
        let labelStart = start + begin.count
        let labelEnd = min(labelStart + labelBytesMax, textEnd)
        guard let found = text.first(label, in: labelStart..<labelEnd) else { return nil }
        guard let footer = text.first(end, in: (found + label.count)..<textEnd),
            let close = text.first(dashes, in: (footer + end.count)..<textEnd)
        else { return start..<textEnd }
        return start..<(close + dashes.count)
    }
}
