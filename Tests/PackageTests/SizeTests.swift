import Testing

@Suite struct `A size` {
    private static let fileLinesMax = 500
    private static let functionLinesMax = 70

    @Test func `of a file can be held in mind`() throws {
        for file in try Repository.sources() + Repository.files("Tests", ending: ".swift") {
            #expect(file.lines.count - 1 <= Self.fileLinesMax, "\(file.path)")
        }
    }

    @Test func `of a function can be seen at once`() throws {
        for file in try Repository.sourceCode.get() {
            for (name, line, count) in Self.functions(file.lines) {
                #expect(
                    count <= Self.functionLinesMax, "\(file.path):\(line): \(name) has \(count)")
            }
        }
    }

    @Test func `of a function is found`() {
        let text = """
            struct S {
                init(
                    a: Int
                ) {
                    b = "}"
                }
                var c: Int { 1 }
                var d: Int {
                    get { 1 } // }
                }
                func e() -> Int {
                    [1].map { $0 }
                }
                protocol P { func f() }
            }
            """
        let code = SwiftText.code(of: text).split(separator: "\n")
        let found = Self.functions(code).map { "\($0.name) \($0.line) \($0.lines)" }
        #expect(found == ["init 2 5", "var 7 1", "var 8 3", "func 11 3"])
    }

    /// Functions, initialisers and computed properties: where each begins, how many lines it has.
    private static func functions(_ code: [Substring]) -> [(name: String, line: Int, lines: Int)] {
        code.enumerated().compactMap { number, line in
            guard
                let match = line.firstMatch(
                    of: #/(?:^|\s)(func|init|deinit|subscript|var)\b(?!\.)/#)
            else { return nil }
            let rest = line[match.range.upperBound...]
            return length(code, from: number, rest, isProperty: match.1 == "var")
                .map { (String(match.1), number + 1, $0) }
        }
    }

    /// Lines up to the brace that closes the first one; nil where there is no body.
    private static func length(
        _ code: [Substring], from start: Int, _ rest: Substring, isProperty: Bool
    ) -> Int? {
        var (depth, parentheses) = (0, 0)
        for number in start..<code.count {
            for byte in (number == start ? rest : code[number]).utf8 {
                switch byte {
                case UInt8(ascii: "("): parentheses += 1
                case UInt8(ascii: ")"): parentheses -= 1
                case UInt8(ascii: "=") where isProperty && depth + parentheses == 0: return nil
                case UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "}") where depth == 1: return number - start + 1
                case UInt8(ascii: "}"): depth -= 1
                default: break
                }
            }
            // A body begins where the signature ends.
            if depth < 0 || depth + parentheses == 0 && !continues(code, number) { return nil }
        }
        return nil
    }

    private static func continues(_ code: [Substring], _ line: Int) -> Bool {
        guard line + 1 < code.count else { return false }
        let next = code[line + 1].drop { $0 == " " }
        return next.hasPrefix("{") || next.hasPrefix("->") || next.hasPrefix("where")
            || next.hasPrefix("throws") || next.hasPrefix("async")
    }
}
