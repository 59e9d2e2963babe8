/// Text that compresses about as well as prompts, answers and tool outputs do: common words, and
/// one in five that is like no other.
enum Prose {
    static let words: [StaticString] = [
        "error", "warning", "build", "compiled", "module", "function", "return", "value", "test",
        "passed", "failed", "expected", "actual", "line", "file", "path", "import", "struct",
        "class", "let", "var", "async", "await", "throw", "catch", "buffer", "index", "series",
        "bucket",
    ]

    /// Writes words until they are `size` bytes long.
    static func write(size: Int, into out: inout ByteWriter, _ random: inout Xoshiro256) {
        let words = Prose.words
        let end = out.count + size
        var isFirst = true
        while out.count < end {
            if !isFirst { out.byte(" ") }
            isFirst = false
            let draw = random.next()
            if draw & 0xFF < 205 {
                out.text(words[(Int(draw >> 8 & 0xFFFF) * words.count) >> 16])
            } else {
                out.hex(draw >> 36, digits: 7)
            }
        }
    }

    static func word(_ random: inout Xoshiro256) -> StaticString {
        words[random.below(words.count)]
    }
}
