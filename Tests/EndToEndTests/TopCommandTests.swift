import Foundation
import ServerSupport
import Testing

@Suite(.server()) struct `The top command` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func post(_ app: String) throws {
        var event = SampleEvent(app)
        event.type = "PostToolUse"
        event.data = #"{"tool_name":"Bash","duration_ms":1500}"#
        try server.store(event)
    }

    @Test func `prints one picture where there is no terminal`() throws {
        let app = SampleEvent.newApp()
        let process = try RunningProcess(
            Products.executable("tidemark"), ["top", "--seconds", "3", "--url", server.url])
        // Until it has printed what it is to print: it must be listening before anything comes.
        while process.outputText.isEmpty, process.errorText.isEmpty { try post(app) }
        #expect(process.waitForExit() == 0, "\(process.errorText)")
        let output = process.outputText
        #expect(output.hasPrefix("events a second: "))
        #expect(output.contains("\nhook.latency "))
        #expect(try output.contains(Regex("\n\(app) +[0-9.]+ +[0-9.]+ +[0-9.]+ +PostToolUse\n")))
        #expect(try output.contains(Regex("\nBash +\(app) +1[45][0-9][0-9] +[0-9]+\n")))
    }

    @Test func `draws on a terminal until q`() throws {
        let tool = Products.executable("tidemark")
        let run = try CommandRun(
            "/bin/sh",
            [
                "-c", "(sleep 2; printf q) | script -qec \"$0 top --url $1\" /dev/null", tool,
                server.url,
            ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("\u{1B}[?1049h") && run.output.contains("events a second: "))
        #expect(run.output.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"))
    }

    @Test func `says that no server answers`() throws {
        let run = try CommandRun(["top", "--seconds", "1", "--url", "http://127.0.0.1:9"])
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("error: no server answers at http://127.0.0.1:9\nhint: "))
    }
}
