import ServerSupport
import Testing

@Suite(.server(), .serialized) struct `A server` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    @Test func `says that it is alive`() throws {
        let answer = try server.get("/healthz")
        #expect(answer.status == 200 && answer.text == #"{"status":"ok"}"#)
    }

    @Test func `says that it is ready, and how far its log reaches`() throws {
        let first = try server.get("/readyz")
        #expect(first.status == 200 && first.text == #"{"status":"ready","last_id":0}"#)
        let id = try server.store(SampleEvent("app")).id
        #expect(try server.get("/readyz").text == #"{"status":"ready","last_id":\#(id)}"#)
    }

    @Test func `says which one it is, and keeps its log's id over a restart`() throws {
        let folder = try TemporaryFolder()
        let first = try ServerProcess.start(folder: folder.path)
        let version = try first.get("/version").object()
        #expect(version.keys.sorted() == ["log_id", "name", "version"])
        #expect(version["name"] as? String == "tidemark")
        let spoken = try CommandRun(["--version"]).output
        #expect((version["version"] as? String).map { $0 + "\n" } == spoken)
        #expect(first.terminate() == 0)
        let again = try ServerProcess.start(folder: folder.path).get("/version").object()
        #expect(again["log_id"] as? String == version["log_id"] as? String)
        #expect(
            try server.get("/version").object()["log_id"] as? String != again["log_id"] as? String)
    }

    @Test func `gives its own description`() throws {
        let answer = try server.get("/openapi.yaml")
        #expect(answer.status == 200 && answer.headers["content-type"] == "application/yaml")
        #expect(answer.text.hasPrefix("openapi: 3.1"))
        let index = try server.get("/")
        #expect(index.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(index.text.contains("/openapi.yaml"))
    }
}
