/// Swift source as a reader of its code sees it: comments and the insides of strings are blanked
/// out, so that what remains is code. Lines stay lines, and every byte keeps its place.
struct SwiftText {
    private enum State {
        case code
        case lineComment
        case blockComment(depth: Int)
        /// In a literal with so many number signs around it.
        case string(signs: Int, isMultiline: Bool)
    }

    private let text: [UInt8]
    private var code: [UInt8] = []
    private var position = 0
    private var state = State.code
    /// The strings that the code stands in, with the parentheses still open in each.
    private var interpolations: [(state: State, depth: Int)] = []

    /// The code alone.
    static func code(of text: String) -> String {
        var reader = SwiftText(text)
        while reader.position < reader.text.count { reader.step() }
        return String(decoding: reader.code, as: UTF8.self)
    }

    private init(_ text: String) {
        self.text = Array(text.utf8)
        code.reserveCapacity(self.text.count)
    }

    private mutating func step() {
        switch state {
        case .code: stepInCode()
        case .lineComment:
            if text[position] == UInt8(ascii: "\n") { state = .code }
            blank(1)
        case .blockComment(let depth): stepInBlockComment(depth)
        case .string(let signs, let isMultiline): stepInString(signs, isMultiline)
        }
    }

    private mutating func stepInCode() {
        switch text[position] {
        case UInt8(ascii: "/") where isNext("//"): state = .lineComment
        case UInt8(ascii: "/") where isNext("/*"): state = .blockComment(depth: 0)
        case UInt8(ascii: "\""), UInt8(ascii: "#"):
            if !enterString() { keep() }
        case UInt8(ascii: "("): parenthesis(1)
        case UInt8(ascii: ")"): parenthesis(-1)
        default: keep()
        }
    }

    private mutating func parenthesis(_ change: Int) {
        keep()
        guard let (outer, depth) = interpolations.last else { return }
        if depth + change == 0 {
            state = outer
            interpolations.removeLast()
        } else {
            interpolations[interpolations.count - 1].depth += change
        }
    }

    private mutating func enterString() -> Bool {
        let signs = text[position...].prefix { $0 == UInt8(ascii: "#") }.count
        guard position + signs < text.count, text[position + signs] == UInt8(ascii: "\"") else {
            return false
        }
        // The text of a literal of many lines begins on its second one.
        let isMultiline = isNext(String(repeating: "#", count: signs) + "\"\"\"\n")
        state = .string(signs: signs, isMultiline: isMultiline)
        blank(signs + (isMultiline ? 3 : 1))
        return true
    }

    private mutating func stepInBlockComment(_ depth: Int) {
        let change = isNext("/*") ? 1 : isNext("*/") ? -1 : 0
        blank(change == 0 ? 1 : 2)
        state = depth + change == 0 ? .code : .blockComment(depth: depth + change)
    }

    private mutating func stepInString(_ signs: Int, _ isMultiline: Bool) {
        guard text[position] == UInt8(ascii: "\"") || text[position] == UInt8(ascii: "\\") else {
            return blank(1)
        }
        let marks = String(repeating: "#", count: signs)
        let end = (isMultiline ? "\"\"\"" : "\"") + marks
        if isNext(end) {
            state = .code
            blank(end.utf8.count)
        } else if isNext("\\" + marks + "(") {
            interpolations.append((state, 1))
            state = .code
            blank(signs + 2)
        } else {
            blank(isNext("\\" + marks) ? signs + 2 : 1)
        }
    }

    private func isNext(_ word: String) -> Bool {
        text[position...].starts(with: word.utf8)
    }

    private mutating func keep() {
        code.append(text[position])
        position += 1
    }

    private mutating func blank(_ count: Int) {
        let end = min(position + count, text.count)
        for byte in text[position..<end] {
            code.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
        }
        position = end
    }
}
