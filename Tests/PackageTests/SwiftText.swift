/// Swift source as a reader of its code sees it: comments and the insides of strings are blanked
/// out, so that what remains is code. Lines stay lines, and every character keeps its place.
struct SwiftText {
    private enum State {
        case code
        case lineComment
        case blockComment(depth: Int)
        /// In a literal with so many number signs around it.
        case string(signs: Int, isMultiline: Bool)
    }

    private(set) var code: [Character] = []
    private var state = State.code
    /// Braces of code within strings, to know where an interpolation ends.
    private var interpolations: [(state: State, depth: Int)] = []

    init(_ text: String) {
        let text = Array(text)
        code.reserveCapacity(text.count)
        var index = 0
        while index < text.count { index += step(text, index) }
    }

    var lines: [String] {
        code.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    }

    private func isNext(_ word: String, _ text: [Character], _ index: Int) -> Bool {
        text[index...].starts(with: word)
    }

    private mutating func keep(_ character: Character) { code.append(character) }

    private mutating func blank(_ characters: ArraySlice<Character>) {
        for character in characters { code.append(character == "\n" ? "\n" : " ") }
    }

    /// - Returns: how many characters were used up.
    private mutating func step(_ text: [Character], _ index: Int) -> Int {
        switch state {
        case .code: stepInCode(text, index)
        case .lineComment: stepInLineComment(text, index)
        case .blockComment(let depth): stepInBlockComment(text, index, depth)
        case .string(let signs, let isMultiline):
            stepInString(text, index, signs, isMultiline)
        }
    }

    private mutating func stepInCode(_ text: [Character], _ index: Int) -> Int {
        if isNext("//", text, index) {
            state = .lineComment
        } else if isNext("/*", text, index) {
            state = .blockComment(depth: 0)
        } else if let (length, string) = opening(text, index) {
            state = string
            blank(text[index..<index + length])
            return length
        } else {
            return stepInBraces(text, index)
        }
        return step(text, index)
    }

    private mutating func stepInBraces(_ text: [Character], _ index: Int) -> Int {
        keep(text[index])
        guard let (outer, depth) = interpolations.last else { return 1 }
        let change = text[index] == "(" ? 1 : text[index] == ")" ? -1 : 0
        interpolations[interpolations.count - 1].depth += change
        if depth + change == 0 {
            state = outer
            interpolations.removeLast()
        }
        return 1
    }

    private func opening(_ text: [Character], _ index: Int) -> (length: Int, state: State)? {
        let signs = text[index...].prefix { $0 == "#" }.count
        let quote = index + signs
        guard quote < text.count, text[quote] == "\"" else { return nil }
        if isNext("\"\"\"", text, quote) {
            return (signs + 3, .string(signs: signs, isMultiline: true))
        }
        return (signs + 1, .string(signs: signs, isMultiline: false))
    }

    private mutating func stepInLineComment(_ text: [Character], _ index: Int) -> Int {
        if text[index] == "\n" { state = .code }
        blank(text[index...index])
        return 1
    }

    private mutating func stepInBlockComment(
        _ text: [Character], _ index: Int, _ depth: Int
    ) -> Int {
        let change = isNext("/*", text, index) ? 1 : isNext("*/", text, index) ? -1 : 0
        let length = change == 0 ? 1 : 2
        blank(text[index..<index + length])
        state = depth + change == 0 ? .code : .blockComment(depth: depth + change)
        return length
    }

    private mutating func stepInString(
        _ text: [Character], _ index: Int, _ signs: Int, _ isMultiline: Bool
    ) -> Int {
        let marks = String(repeating: "#", count: signs)
        let end = (isMultiline ? "\"\"\"" : "\"") + marks
        var length = 1
        if isNext(end, text, index) {
            length = end.count
            state = .code
        } else if isNext("\\" + marks + "(", text, index) {
            length = signs + 2
            interpolations.append((state, 1))
            state = .code
        } else if isNext("\\" + marks, text, index), index + signs + 1 < text.count {
            length = signs + 2
        }
        blank(text[index..<index + length])
        return length
    }
}
