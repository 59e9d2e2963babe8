import StrictJSON
import Testing

@Suite struct `Nesting` {
    /// What each level opens and closes with.
    enum Kind: CaseIterable {
        case arrays, objects, alternating, pairs

        func text(levels: Int, around core: String) -> String {
            let isObject = (0..<levels).map { level in
                switch self {
                case .arrays: false
                case .objects: true
                case .alternating: level % 2 == 0
                case .pairs: level % 3 == 0
                }
            }
            return isObject.map { $0 ? "{\"k\":" : "[" }.joined() + core
                + isObject.reversed().map { $0 ? "}" : "]" }.joined()
        }
    }

    @Test(arguments: Kind.allCases)
    func `is taken at every depth up to the limit`(kind: Kind) {
        for levels in 1...JSONCursor.depthMax {
            #expect(fault(in: kind.text(levels: levels, around: "1")) == nil, "\(levels)")
        }
    }

    @Test(arguments: Kind.allCases, ["1", "\"\"", "null"])
    func `is refused one level beyond the limit`(kind: Kind, core: String) {
        let deepest = kind.text(levels: JSONCursor.depthMax, around: core)
        #expect(fault(in: deepest) == nil)
        #expect(fault(in: "[\(deepest)]")?.reason == .tooDeep)
        #expect(fault(in: "{\"k\":\(deepest)}")?.reason == .tooDeep)
    }

    @Test(arguments: Kind.allCases, ["[]", "{}", "[ ]"])
    func `counts an empty array or object as a level`(kind: Kind, core: String) {
        #expect(fault(in: kind.text(levels: JSONCursor.depthMax - 1, around: core)) == nil)
        let deeper = kind.text(levels: JSONCursor.depthMax, around: core)
        #expect(fault(in: deeper)?.reason == .tooDeep)
    }

    @Test(arguments: Kind.allCases)
    func `is closed by its own kind at every level`(kind: Kind) {
        let text = Array(kind.text(levels: JSONCursor.depthMax, around: "1").utf8)
        for index in text.indices.suffix(JSONCursor.depthMax) {
            var broken = text
            broken[index] = broken[index] == UInt8(ascii: "]") ? UInt8(ascii: "}") : 0x5D
            #expect(fault(in: broken)?.offset == index)
        }
    }

    @Test func `starts afresh in each neighbour`() {
        let deepest = Kind.pairs.text(levels: JSONCursor.depthMax - 1, around: "1")
        #expect(fault(in: "[\(deepest),\(deepest),\(deepest)]") == nil)
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":", "[[],"])
    func `costs no stack, however deep a text is`(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        #expect(fault(in: text)?.reason == .tooDeep)
    }

    @Test func `has nothing to do with width`() {
        let wide = Array(repeating: "[]", count: 10_000).joined(separator: ",")
        #expect(fault(in: "[\(wide)]") == nil)
    }
}
