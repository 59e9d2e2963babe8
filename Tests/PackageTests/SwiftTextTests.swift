import Testing

@Suite struct `Swift text` {
    @Test(
        arguments: [
            ("a // try!\nb", "a        \nb"), ("a /* x /* y */ z */ b", "a                   b"),
            (#"a "try! \"x" b"#, "a            b"), (#"a "\(b + "c")" d"#, "a    b +    )  d"),
            ("a \"\"\"\n try! \" \n\"\"\" b", "a    \n        \n    b"),
            (##"a #"x"\(y) \#(z)"# b"##, "a             z)   b"),
            (##"a #""""# b"##, "a        b"), (#"["//", "/*"] x"#, "[    ,     ] x"),
        ])
    func `is left with its code only, in its place`(text: String, code: String) {
        #expect(SwiftText.code(of: text) == code)
    }
}
