import Foundation
import ServerSupport
import Testing

@Suite(.countedFolder, .serialized) struct `Verify says` {
    private let folder: VerifyFolder

    init() throws {
        folder = try .shared()
    }

    @Test func `that the store is damaged`() throws {
        let store = folder.path + "/derived.sqlite"
        // It may hold every page that is asked for.
        for name in [store + "-wal", store + "-shm"] {
            try? FileManager.default.removeItem(atPath: name)
        }
        try Data(repeating: 7, count: 5_000).write(to: URL(fileURLWithPath: store))
        let run = try folder.verify()
        #expect(run.status == 3 && run.output == "")
        #expect(run.errors.contains("derived.sqlite is damaged"))
    }

    @Test func `that the store is another log's`() throws {
        try folder.python("db.execute(\"UPDATE checkpoint SET log_id = 'x'\")")
        let run = try folder.verify()
        #expect(run.status == 3)
        #expect(run.errors.hasPrefix("error: derived.sqlite is another log's\nhint: "))
    }

    @Test func `that the store was made by other rules`() throws {
        try folder.python("db.execute('UPDATE checkpoint SET fold_version = 99')")
        let run = try folder.verify()
        #expect(run.status == 1)
        #expect(run.errors.contains("fold version 99") && run.errors.contains("\nhint: "))
    }

    @Test func `that the store covers lines which the log does not have`() throws {
        try folder.python("db.execute('UPDATE checkpoint SET last_id = last_id + 5')")
        let run = try folder.verify()
        #expect(run.status == 3)
        #expect(run.output.contains("unreadable: lines "))
        #expect(run.errors.contains("lines that are counted cannot be read any more"))
    }

    @Test func `that nothing is counted yet`() throws {
        try FileManager.default.removeItem(atPath: folder.path + "/derived.sqlite")
        let run = try folder.verify()
        #expect(run.status == 1)
        #expect(run.errors.contains("nothing is counted yet\nhint: tidemark rebuild"))
    }

    @Test func `that nothing is counted yet where the store was just being made`() throws {
        try Data().write(to: URL(fileURLWithPath: folder.path + "/derived.sqlite"))
        let run = try folder.verify()
        #expect(run.status == 1)
        #expect(
            run.errors.hasPrefix("error: derived.sqlite is empty: nothing is counted yet\nhint: "))
    }

    @Test func `that a folder is no data folder`() throws {
        let run = try CommandRun(["verify", "--data", "/nowhere/at/all"])
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("error: /nowhere/at/all is no data folder\nhint: "))
    }

    @Test func `that nobody listens`() throws {
        let run = try CommandRun(["verify", "--url", "http://127.0.0.1:1"])
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("error: no server answers at http://127.0.0.1:1\nhint: "))
    }

    @Test(
        arguments: [
            ["--url", "http://127.0.0.1:1", "--data", "data"], ["--url", "nonsense"], ["more"],
            ["--data", "data", "--config", "/nowhere.yaml"],
        ])
    func `that it is used wrongly`(arguments: [String]) throws {
        let run = try CommandRun(["verify"] + arguments)
        #expect(run.status == 2 && run.output == "")
        #expect(run.errors.hasPrefix("error: "))
    }
}
