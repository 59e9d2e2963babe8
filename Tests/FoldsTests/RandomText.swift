import TestSupport

/// Tokens of strings: one text has many spellings.
enum RandomText {
    static func token(_ text: String, using random: inout SplitMix64) -> String {
        let escapesMore = random.isOnce(in: 4)
        var token = "\""
        for scalar in text.unicodeScalars {
            let mustBeEscaped = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            if mustBeEscaped || escapesMore && random.isOnce(in: 2) {
                token += escaped(scalar, using: &random)
            } else {
                token.unicodeScalars.append(scalar)
            }
        }
        return token + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar, using random: inout SplitMix64) -> String
    {
        let short: [Unicode.Scalar: String] = [
            "\"": "\\\"", "\\": "\\\\", "/": "\\/", "\n": "\\n", "\r": "\\r", "\t": "\\t",
        ]
        if let short = short[scalar], random.isOnce(in: 2) { return short }
        return String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16, uppercase: random.isOnce(in: 2))
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}

/// Tokens of numbers: mostly such as are sent, sometimes such as break things.
enum RandomNumber {
    static func token(using random: inout SplitMix64) -> String {
        switch random.next() % 12 {
        case 0: random.pick(hostile)
        case 1...3: "\(Double.random(in: 0...9_000, using: &random))"
        case 4: "\(Int.random(in: 0...3, using: &random)).\(random.next())"
        default: "\(Int.random(in: 0...60_000, using: &random))"
        }
    }

    /// Ties, edges, other spellings, and what no quantity holds.
    private static let hostile = [
        "0", "-0", "-0.0", "-1", "-17.25", "999999999", "1234567890", "0.0000005", "0.0000015",
        "-0.0000025", "0.00000050000000000000000000000000000000000000000001", "0.0000004999999999",
        "1e3", "1E+2", "25e-1", "5e-7", "15e-7", "1e-400", "0e99999999999999999999",
        "99999999999999999999.9999995", "100000000000000000000", "100000000000000000000.0000004",
        "-100000000000000000000", "100000000000000000001", "1e400", "9007199254740993",
        "9223372036854775807", "9223372036854775808", "18446744073709551616.5",
        String(repeating: "9", count: 309), "1.0000000000000000000000000000000000000000000000001",
    ]
}
