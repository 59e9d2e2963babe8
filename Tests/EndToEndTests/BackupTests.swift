import Foundation
import ServerSupport
import Testing

@Suite(.countedFolder, .serialized) struct `A backup` {
    private let folder: VerifyFolder
    private let scratch: TemporaryFolder

    init() throws {
        folder = try .shared()
        scratch = try TemporaryFolder()
    }

    private var copy: String { scratch.path + "/copy" }
    private var restored: String { scratch.path + "/restored" }

    private func backup() throws -> CommandRun {
        try CommandRun(["backup", copy, "--data", folder.path])
    }

    private func restore() throws -> CommandRun {
        try CommandRun(["restore", copy, "--data", restored])
    }

    private func logLines(_ folder: String) throws -> [String] {
        let log = folder + "/log"
        return try FileManager.default.contentsOfDirectory(atPath: log)
            .sorted { $0.suffix(27) < $1.suffix(27) }
            .flatMap { name in
                try String(contentsOfFile: log + "/" + name, encoding: .utf8)
                    .split(separator: "\n")
            }.map(String.init)
    }

    @Test func `under load is whole, and is clean where it is restored`() throws {
        let server = try folder.serve()
        let copy = copy
        // Three senders go on from before the backup until after it.
        let known = try onThreads(4) { number -> [Int] in
            guard number > 0 else {
                try #require(eventually { try server.count(ofApp: "load") >= 200 })
                let last = try server.page("limit=1&source_app=load").events.map { Int($0.id) }
                let run = try CommandRun(["backup", copy, "--data", folder.path])
                try #require(run.status == 0, "\(run.errors)")
                return last
            }
            for batch in 0..<60 {
                let events = (0..<25).map { place in
                    SampleEvent("load", id: "\(number)-\(batch)-\(place)").json + "\n"
                }
                try #require(try server.postLines(events.joined()).status == 200)
            }
            return []
        }
        #expect(server.terminate() == 0 && server.errorText == "")
        let run = try restore()
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: restored + ".restoring"))
        // All that was acknowledged before it began, and nothing that the log has not.
        let (lines, all) = (try logLines(restored), try logLines(folder.path))
        #expect(Array(all.prefix(lines.count)) == lines)
        let acknowledged = try #require(known[0].first)
        #expect(lines.contains { $0.hasPrefix("{\"id\":\(acknowledged),") })
        let verify = try CommandRun(["verify", "--data", restored])
        #expect(verify.status == 0, "\(verify.output)\(verify.errors)")
        try goOn(lines)
    }

    /// The restored folder is served: its log has its name, and ids go on.
    private func goOn(_ lines: [String]) throws {
        let server = try ServerProcess.start(folder: restored)
        let last = try #require(lines.last?.firstMatch(of: /"id":([0-9]+),/)?.1)
        let stored = try server.store(SampleEvent("after"))
        #expect(stored.id == (UInt64(last) ?? 0) + 1)
        let name = try #require(lines.first?.firstMatch(of: /"log_id":"([^"]+)"/)?.1)
        #expect(try server.get("/version").text.contains(name))
        #expect(server.terminate() == 0)
        let verify = try CommandRun(["verify", "--data", restored])
        #expect(verify.status == 0, "\(verify.output)\(verify.errors)")
    }

    @Test func `says what is in it`() throws {
        let run = try backup()
        #expect(run.status == 0 && run.errors == "")
        let text = try String(contentsOfFile: copy + "/manifest.json", encoding: .utf8)
        let manifest = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let files = try #require(manifest["files"] as? [[String: Any]])
        let names = try folder.partitions.map { "log/" + $0.suffix(44) }
        #expect(
            files.compactMap { $0["path"] as? String }
                == ["derived.sqlite", "control.sqlite"] + names)
        for file in files {
            let path = try #require(file["path"] as? String)
            let sum = try CommandRun("/usr/bin/env", ["sha256sum", copy + "/" + path])
            #expect(file["sha256"] as? String == String(sum.output.prefix(64)))
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: copy).sorted() == [
                "control.sqlite", "derived.sqlite", "log", "manifest.json",
            ])
        let last = try #require(manifest["last_id"] as? String)
        #expect(run.output.hasSuffix(" up to event \(last)\n"))
        #expect(try logLines(copy).last?.hasPrefix("{\"id\":\(last),") == true)
        for name in try FileManager.default.subpathsOfDirectory(atPath: copy) {
            let attributes = try FileManager.default.attributesOfItem(atPath: copy + "/" + name)
            let mode = try #require(attributes[.posixPermissions] as? Int)
            #expect(mode & 0o077 == 0, "\(name)")
        }
    }

    @Test func `leaves out an unfinished line`() throws {
        let partition = try #require(try folder.partitions.last)
        let whole = try Data(contentsOf: URL(fileURLWithPath: partition))
        try (whole + Data("{\"id\":9999999,\"event".utf8)).write(
            to: URL(fileURLWithPath: partition))
        #expect(try backup().status == 0)
        let name = partition.suffix(44)
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy + "/log/" + name)) == whole)
    }

    @Test func `needs a folder of its own, and a data folder`() throws {
        try FileManager.default.createDirectory(
            atPath: copy, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: copy + "/file"))
        let full = try backup()
        #expect(full.status == 1)
        #expect(full.errors.hasPrefix("error: \(copy) is not empty\nhint: "))
        let nothing = try CommandRun(["backup", restored, "--data", scratch.path])
        #expect(nothing.status == 1)
        #expect(nothing.errors.contains("is no data folder"))
        #expect(!FileManager.default.fileExists(atPath: restored))
    }

    // MARK: Restoring

    @Test func `is restored into an empty folder, and into no other`() throws {
        try #require(try backup().status == 0)
        try FileManager.default.createDirectory(
            atPath: restored, withIntermediateDirectories: true)
        #expect(try restore().status == 0)
        let again = try restore()
        #expect(again.status == 1)
        #expect(again.errors.hasPrefix("error: \(restored) is not empty\nhint: "))
        let verify = try CommandRun(["verify", "--data", restored])
        #expect(verify.status == 0, "\(verify.errors)")
    }

    @Test func `that was cut short is none`() throws {
        try #require(try backup().status == 0)
        try FileManager.default.removeItem(atPath: copy + "/manifest.json")
        let run = try restore()
        #expect(run.status == 1)
        #expect(run.errors.contains("is no finished backup"))
        #expect(!FileManager.default.fileExists(atPath: restored))
    }

    @Test(arguments: ["changed", "shorter", "missing"])
    func `that is damaged restores nothing`(fault: String) throws {
        try #require(try backup().status == 0)
        let path = copy + "/log/" + (try #require(try folder.partitions.first)).suffix(44)
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        switch fault {
        case "changed": data[data.count / 2] ^= 1
        case "shorter": data.removeLast()
        default: try FileManager.default.removeItem(atPath: path)
        }
        if fault != "missing" { try data.write(to: URL(fileURLWithPath: path)) }
        let run = try restore()
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("error: the backup is damaged: log/"), "\(run.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["copy"])
    }

    @Test(arguments: ["../outside", "/etc/x", "log/../../x", "log/a/b", "LOCK", ".hidden", ""])
    func `writes nothing outside of the new folder`(path: String) throws {
        try #require(try backup().status == 0)
        let manifest = copy + "/manifest.json"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        try Data(text.replacing("derived.sqlite", with: path).utf8)
            .write(to: URL(fileURLWithPath: manifest))
        let run = try restore()
        #expect(run.status == 1)
        #expect(run.errors.contains("names a file that no backup has"))
        #expect(!FileManager.default.fileExists(atPath: restored))
    }

    @Test func `is not restored twice at the same time`() throws {
        try #require(try backup().status == 0)
        try FileManager.default.createDirectory(
            atPath: restored + ".restoring", withIntermediateDirectories: true)
        let run = try restore()
        #expect(run.status == 1)
        #expect(run.errors.contains(".restoring is there already\nhint: "))
    }
}
