/// A random JSON text as the list of its tokens, each spelled in one of the ways that JSON allows.
public struct RandomJSON {
    /// A string token on its way through the text.
    public struct StringToken: Equatable {
        public let spelling: String
        public let isKey: Bool
    }

    public private(set) var tokens: [String] = []
    public private(set) var strings: [StringToken] = []
    private var random: SplitMix64
    /// Without them any JSON reader can read the text.
    private let allowsLoneSurrogates: Bool

    public init(seed: UInt64, allowsLoneSurrogates: Bool = true) {
        random = SplitMix64(seed: seed)
        self.allowsLoneSurrogates = allowsLoneSurrogates
        addObject(levels: 5)
    }

    /// Without white space.
    public var compact: [UInt8] { tokens.flatMap { Array($0.utf8) } }

    /// With random white space between the tokens and around them.
    public mutating func spaced() -> [UInt8] {
        var text = whiteSpace()
        for token in tokens { text += Array(token.utf8) + whiteSpace() }
        return text
    }

    private mutating func whiteSpace() -> [UInt8] {
        (0..<random.pick([0, 0, 1, 1, 2, 9])).map { _ in random.pick([0x20, 0x09, 0x0A, 0x0D]) }
    }
}

// MARK: Values

extension RandomJSON {
    private mutating func addValue(levels: Int) {
        switch levels > 0 ? Int.random(in: 0..<6, using: &random) : 5 {
        case 0, 1: addObject(levels: levels - 1)
        case 2: addArray(levels: levels - 1)
        case 3, 4: addString(isKey: false)
        default: tokens.append(random.isOnce(in: 3) ? random.pick(Self.literals) : number())
        }
    }

    private mutating func addObject(levels: Int) {
        tokens.append("{")
        for index in 0..<Int.random(in: 0...4, using: &random) {
            if index > 0 { tokens.append(",") }
            addString(isKey: true)
            tokens.append(":")
            addValue(levels: levels)
        }
        tokens.append("}")
    }

    private mutating func addArray(levels: Int) {
        tokens.append("[")
        for index in 0..<Int.random(in: 0...4, using: &random) {
            if index > 0 { tokens.append(",") }
            addValue(levels: levels)
        }
        tokens.append("]")
    }

    private mutating func addString(isKey: Bool) {
        var spelling = "\""
        for _ in 0..<random.pick([0, 1, 2, 3, 8, 20]) {
            let isLone = allowsLoneSurrogates && random.isOnce(in: 40)
            spelling += isLone ? random.pick(Self.loneSurrogates) : random.pick(Self.pieces)
        }
        spelling += "\""
        tokens.append(spelling)
        strings.append(StringToken(spelling: spelling, isKey: isKey))
    }

    private mutating func number() -> String {
        if random.isOnce(in: 2) { return random.pick(Self.numbers) }
        return String(Int64.random(in: .min ... .max, using: &random))
    }

    private static let literals = ["true", "false", "null"]
    private static let numbers = [
        "0", "-0", "0.0", "1E+2", "1e-2", "-1.50", "0.1e1", "12345678901234567890",
        "123456789012345678901234567890", "3.141592653589793238462643383279",
    ]
    private static let loneSurrogates = [#"\ud800"#, #"\uDFFF"#, #"\udc00\ud800"#]
    private static let pieces = [
        "a", "id", "0", " ", "  ", "plain words", "{", "}", "[", "]", ":", ",", "/", "'", "\u{7F}",
        "é", "ß", "世界", "😀", "\u{2028}", "\u{FFFD}", "\u{FFFF}", #"\""#, #"\\"#, #"\/"#, #"\b"#,
        #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0000"#, #"\u0022"#, #"\u005C"#, #"\u00e9"#, #"\uFFFF"#,
        #"\u2028"#, #"\ud83d\ude00"#, #"\uD800\uDC00"#,
    ]
}
