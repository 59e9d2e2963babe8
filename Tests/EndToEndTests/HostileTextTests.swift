import ServerSupport
import Testing

@Suite(.server()) struct `A hostile text` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    @Test(
        arguments: [
            #"\u001b[2J"#, #"\u001b]0;title\u0007"#, #"\u009b31m"#, #"\r\n\t\u0008\u000b\u000c"#,
            #"\u202egnp"#, #"\u2028\u2029"#, #"\u0000\u007f"#, #"\ufeff\u200b\u2066"#,
        ])
    func `cannot move the cursor, change colours, or turn text round`(text: String) throws {
        let app = SampleEvent.newApp()
        var event = SampleEvent(app)
        (event.session, event.type) = (text, "T" + text)
        event.data = #"{"tool_name":"a\#(text)b"}"#
        try server.store(event)
        for place in [["--url", server.url], ["--data", server.folder]] {
            let run = try CommandRun(["events", "--app", app] + place)
            #expect(run.status == 0)
            #expect(run.output.split(separator: "\n").count == 2)
            for scalar in run.output.unicodeScalars where scalar != "\n" {
                let category = scalar.properties.generalCategory
                #expect(category != .control && category != .format)
                #expect(category != .lineSeparator && category != .paragraphSeparator)
            }
        }
    }

    @Test func `cannot do so in an error either`() throws {
        let folder = try TemporaryFolder()
        let run = try CommandRun(["events", "--data", folder.path, "--from", "\u{1B}[31mx"])
        #expect(run.status != 0 && run.output.isEmpty)
        #expect(!run.errors.contains("\u{1B}"))
    }
}
