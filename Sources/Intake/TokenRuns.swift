/// What follows a token's prefix: so many runs of an alphabet, with dots between them.
struct TokenRuns {
    let alphabet: SecretRule.Alphabet
    let lengthMin, lengthMax, parts: Int

    /// Where the last run ends; nil where one is too short or too long.
    func end(from start: Int, in text: inout SearchedText) -> Int? {
        var position = start
        for part in 0..<parts {
            if part > 0 {
                guard text.contains(UInt8(ascii: "."), at: position) else { return nil }
                position += 1
            }
            let runStart = position
            position = text.end(of: .alphabet(alphabet), part: part, from: runStart)
            let length = position - runStart
            guard length >= lengthMin, length <= lengthMax else { return nil }
        }
        return position
    }
}
