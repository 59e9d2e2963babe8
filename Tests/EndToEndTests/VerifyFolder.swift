import Foundation
import ServerSupport
import Testing

/// A data folder with events and samples of all sorts, counted and closed: a copy for each test.
struct VerifyFolder {
    let path: String
    private let scratch: TemporaryFolder

    /// - Parameter model: the folder to copy.
    init(_ model: String) throws {
        scratch = try TemporaryFolder()
        path = scratch.path + "/data"
        try FileManager.default.copyItem(atPath: model, toPath: path)
    }

    static func shared() throws -> VerifyFolder { try VerifyFolder(#require(model)) }

    @TaskLocal static var model: String?

    func verify(_ arguments: String...) throws -> CommandRun {
        try CommandRun(["verify", "--data", path] + arguments)
    }

    func rebuild(_ arguments: String...) throws -> CommandRun {
        try CommandRun(["rebuild", "--data", path] + arguments)
    }

    func serve() throws -> ServerProcess {
        try ServerProcess.start(folder: path, arguments: VerifyTrait.arguments)
    }

    /// Changes the store behind Tidemark's back.
    /// - Parameter script: Python; `db` is the store.
    /// - Returns: what it printed.
    @discardableResult
    func python(_ script: String) throws -> String {
        let run = try CommandRun(
            "/usr/bin/env",
            [
                "python3", "-c",
                "import sqlite3\ndb = sqlite3.connect('derived.sqlite')\n\(script)\ndb.commit()",
            ], in: path)
        try #require(run.status == 0, "\(run.errors)")
        return run.output
    }

    // MARK: The log

    var partitions: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: path + "/log")
                .sorted { $0.suffix(27) < $1.suffix(27) }.map { path + "/log/" + $0 }
        }
    }

    /// Changes the first line of the log for which `change` returns another one; nil leaves the line as it
    /// is, an empty text takes it out.
    func changeLine(_ change: (String) -> String?) throws {
        for partition in try partitions {
            let text = try String(contentsOfFile: partition, encoding: .utf8)
            var lines = text.components(separatedBy: "\n")
            for place in lines.indices {
                guard let changed = change(lines[place]) else { continue }
                if changed.isEmpty { lines.remove(at: place) } else { lines[place] = changed }
                let data = Data(lines.joined(separator: "\n").utf8)
                return try data.write(to: URL(fileURLWithPath: partition))
            }
        }
        Issue.record("no line of the log is changed")
    }

    /// Puts an entry of the user's into force at the end of the log.
    func appendCatalogue(_ metric: String, kind: String) throws {
        let partition = try #require(try partitions.last)
        let text = try String(contentsOfFile: partition, encoding: .utf8)
        let last = try #require(text.split(separator: "\n").last)
        let id = try #require(last.firstMatch(of: /"id":([0-9]+),/)?.1)
        let time = try #require(last.firstMatch(of: /"server_timestamp":"([^"]+)"/)?.1)
        let line =
            #"{"id":\#((Int(id) ?? 0) + 1),"kind":"catalogue","server_timestamp":"\#(time)","#
            + #""digest":"00","catalogue":{"format":1,"metrics":[{"name":"\#(metric)","#
            + #""kind":"\#(kind)","unit":"1","scale":6,"help":"","source":{"type":"Stop","#
            + #""value":"one","tags":[{"key":"app","from":"source_app"}]}}]}}"# + "\n"
        try Data((text + line).utf8).write(to: URL(fileURLWithPath: partition))
    }
}

// MARK: Its making

/// Makes one folder for all tests of a suite.
struct VerifyTrait: SuiteTrait, TestScoping {
    /// So small that there are some partitions.
    static let arguments = ["--set", "partition_bytes_max=65536"]

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        try VerifyLoad.make(folder.path + "/data")
        try await VerifyFolder.$model.withValue(folder.path + "/data") { try await body() }
    }
}

extension SuiteTrait where Self == VerifyTrait {
    static var countedFolder: Self { Self() }
}

/// Events whose halves join, late ones among them, and samples of every kind.
enum VerifyLoad {
    /// 2026-01-05T10:00:00Z.
    static let start = 1_767_607_200_000
    private static let types = [
        "PreToolUse", "PostToolUse", "Stop", "PermissionRequest", "PostToolUseFailure",
    ]

    static func make(_ folder: String) throws {
        try serve(folder) { server in
            try post(0..<240, to: server)
            // More minutes than are kept as rows of their own: they move into the chunks.
            try postBulk(0..<4_600, to: server)
            try postBulk(4_500..<9_300, to: server)
        }
        try serve(folder) { try post(240..<480, to: $0) }
    }

    private static func serve(_ folder: String, _ body: (ServerProcess) throws -> Void) throws {
        let server = try ServerProcess.start(folder: folder, arguments: VerifyTrait.arguments)
        try body(server)
        #expect(server.terminate() == 0)
    }

    static func post(_ numbers: Range<Int>, to server: ServerProcess) throws {
        let events = numbers.map { event($0) + "\n" }.joined()
        try #require(server.postLines(events).status == 200)
        let samples = numbers.map { sample($0) + "\n" }.joined()
        let answer = try server.request(
            "POST", "/metrics", headers: ["Content-Type": "application/x-ndjson"],
            body: Array(samples.utf8))
        try #require(answer.status == 200, "\(answer.text)")
    }

    private static func postBulk(_ minutes: Range<Int>, to server: ServerProcess) throws {
        let lines = minutes.map { minute in
            "bulk,host=h\(minute % 2) f=\(minute % 97).5 \(start - minute * 60_000)\n"
        }
        let answer = try server.request(
            "POST", "/write?precision=ms", body: Array(lines.joined().utf8))
        try #require(answer.status == 204, "\(answer.text)")
    }

    private static func event(_ number: Int) -> String {
        var event = SampleEvent(number % 3 == 0 ? "web" : "api", id: "e\(number)")
        event.type = types[number * 7 % types.count]
        event.session = "s\(number % 2)"
        event.timestamp = String(start + (number * 7_919 % 480) * 25_000)
        let duration = number % 11 == 0 ? #","duration_ms":\#(number * 3 + 1)"# : ""
        event.data =
            #"{"tool_name":"T\#(number % 4)","tool_use_id":"u\#(number / 5)","#
            + #""tool_input":{"n":\#(number % 6)}\#(duration)}"#
        return event.json
    }

    private static func sample(_ number: Int) -> String {
        let (kind, more) =
            switch number % 3 {
            case 0: ("gauge", "")
            case 1: ("distribution", "")
            default: ("counter", #","temporality":"cumulative""#)
            }
        return #"{"metric":"m.\#(kind)","kind":"\#(kind)","value":\#(number % 50).25\#(more),"#
            + #""tags":{"host":"h\#(number % 4)"},"timestamp":\#(start + number * 10_000)}"#
    }
}
