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
        for file in try Repository.sources() + Repository.files("Tests", ending: ".swift") {
            for (name, line, count) in Self.functions(file.text) {
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
                func `e {`() -> Int {
                    [1].map { $0 }
                }
                protocol P { func f() }
            }
            """
        let found = Self.functions(text).map { "\($0.name) \($0.line) \($0.lines)" }
        #expect(found == ["init 2 5", "var 7 1", "var 8 3", "func 11 3"])
    }

    /// Functions, initialisers and computed properties: where each begins, how many lines it has.
    private static func functions(_ text: String) -> [(name: String, line: Int, lines: Int)] {
        let lines = SwiftText(text.replacing(#/`[^`\n]*`/#, with: "name")).lines
        let starts = lines.enumerated().compactMap { number, line in
            line.firstMatch(of: #/(?:^|\s)(func|init|deinit|subscript|var)\b(?!\.)/#)
                .map { (String($0.1), number) }
        }
        return starts.compactMap { name, start in
            length(lines, from: start, isProperty: name == "var").map { (name, start + 1, $0) }
        }
    }

    /// Lines up to the brace that closes the first one; nil where there is no body.
    private static func length(_ lines: [String], from start: Int, isProperty: Bool) -> Int? {
        var (depth, parentheses) = (0, 0)
        for (offset, line) in lines[start...].enumerated() {
            for character in line {
                switch character {
                case "(": parentheses += 1
                case ")": parentheses -= 1
                case "=" where isProperty && depth == 0 && parentheses == 0: return nil
                case "{": depth += 1
                case "}" where depth == 1: return offset + 1
                case "}" where depth == 0: return nil
                case "}": depth -= 1
                default: break
                }
            }
            // A body begins where the signature ends.
            if depth == 0 && parentheses == 0 && !continues(lines, start + offset) { return nil }
        }
        return nil
    }

    private static func continues(_ lines: [String], _ line: Int) -> Bool {
        guard line + 1 < lines.count else { return false }
        let next = lines[line + 1].drop { $0 == " " }
        return next.hasPrefix("{") || next.hasPrefix("->") || next.hasPrefix("where")
            || next.hasPrefix("throws") || next.hasPrefix("async")
    }
}
