import StrictJSON
import Testing

@Suite struct `A literal` {
    @Test(arguments: ["true", "false", "null"])
    func `is taken as it is`(text: String) {
        for text in [text, " \(text) ", "[\(text)]", "[\(text),\(text)]", "{\"a\":\(text)}"] {
            #expect(fault(in: text) == nil, "\(text)")
        }
    }

    @Test(arguments: ["true", "false", "null"])
    func `is refused when it is cut`(text: String) {
        for length in 1..<text.count {
            let cut = text.prefix(length)
            #expect(fault(in: String(cut))?.reason == .unexpectedEnd, "\(cut)")
            #expect(fault(in: "[\(cut)]")?.reason == .invalidLiteral, "\(cut)")
        }
    }

    @Test(arguments: [
        ("True", "unexpected byte at byte 0"),
        ("NULL", "unexpected byte at byte 0"),
        ("undefined", "unexpected byte at byte 0"),
        ("tRue", "invalid literal at byte 0"),
        ("trua", "invalid literal at byte 0"),
        ("fals3", "invalid literal at byte 0"),
        ("nil", "invalid literal at byte 0"),
        ("{\"a\":tru}", "invalid literal at byte 5"),
        ("[true,nul]", "invalid literal at byte 6"),
        ("truee", "more bytes after the value at byte 4"),
        ("truefalse", "more bytes after the value at byte 4"),
        ("nulll", "more bytes after the value at byte 4"),
        ("[truefalse]", "unexpected byte at byte 5"),
    ])
    func `is refused in any other spelling`(text: String, reason: String) {
        #expect(fault(in: text)?.description == reason)
    }
}
