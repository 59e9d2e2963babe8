import FaultSupport
import Foundation
import ServerSupport
import Testing
import TestSupport

extension `Crash tests` {
    @Suite struct `A server that cannot start does not crash but` {
        @Test(arguments: [ErrorNumber.readOnly, .notPermitted])
        func `says that the folder cannot be written`(error: ErrorNumber) throws {
            let disk = try FaultyDisk(.dataFolder)
            try disk.control.set(.fail(.create, error))
            let end = try StartAttempt(disk.data, environment: disk.environment)
            #expect(end.status == 1)
            #expect(end.errors.contains("error: cannot open: \(disk.data)/LOCK: \(error)"))
            #expect(end.errors.contains("hint: make the folder writable"))
        }

        @Test func `says that the folder cannot be made`() throws {
            let disk = try FaultyDisk(.nothing)
            try disk.control.set(.fail(.makeDirectory, .notPermitted))
            let end = try StartAttempt(disk.data, environment: disk.environment)
            #expect(end.status == 1)
            #expect(end.errors.contains("error: cannot create the folder: \(disk.data)"))
            #expect(end.errors.contains("hint: "))
        }

        @Test func `says that the log cannot be made`() throws {
            let disk = try FaultyDisk(.dataFolder)
            try disk.control.set(.fail(.makeDirectory, .noSpace))
            let end = try StartAttempt(disk.data, environment: disk.environment)
            #expect(end.status == 1)
            #expect(end.errors.contains("error: cannot create the folder: \(disk.data)/log"))
            #expect(end.errors.contains("hint: free space on that disk"))
        }

        @Test(.enabled(if: Tmpfs.isPermitted, "mounting a file system is not permitted here"))
        func `says that the disk is read-only`() throws {
            let disk = try Tmpfs(size: "2m")
            try ServerProcess.start(folder: disk.path).kill()
            try disk.makeReadOnly()
            let end = try StartAttempt(disk.path)
            #expect(end.status == 1)
            #expect(end.errors.contains("error: cannot open: \(disk.path)/LOCK"))
            #expect(end.errors.contains("hint: make the folder writable"))
        }

        @Test func `names the process that holds the folder`() throws {
            let folder = try TemporaryFolder()
            let server = try ServerProcess.start(folder: folder.path)
            let end = try StartAttempt(folder.path)
            #expect(end.status == 1)
            #expect(end.errors.contains("error: cannot use \(folder.path): "))
            #expect(end.errors.contains("the process \(server.pid) holds it"))
            #expect(end.errors.contains("hint: stop that process"))
            #expect(try server.connect().request("GET", "/readyz").status == 200)
            server.kill()
            try ServerProcess.start(folder: folder.path).kill()
        }

        @Test func `says that a newer version wrote the log, and leaves it as it is`() throws {
            let folder = try TemporaryFolder()
            try FileManager.default.createDirectory(
                atPath: folder.path + "/log", withIntermediateDirectories: true)
            let name = "log/20261122T140000Z-00000000000000000001.ndjson"
            let header = #"{"kind":"header","format":2,"log_id":"x","after_id":0}"# + "\n"
            let path = try folder.write(name, header)
            let end = try StartAttempt(folder.path)
            #expect(end.status == 1)
            #expect(end.errors.contains("has format 2, this version knows 1"))
            #expect(end.errors.contains("hint: use the newer tidemark"))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == header)
        }

        @Test func `says that its port is taken`() throws {
            let holder = try ServerProcess.start(folder: try TemporaryFolder().path)
            let folder = try TemporaryFolder()
            let end = try StartAttempt(folder.path, port: holder.port)
            #expect(end.status == 1)
            #expect(end.errors.contains("error: cannot listen on port \(holder.port)"))
            #expect(end.errors.contains("hint: choose another with --port"))
        }
    }
}

/// A start of the server that is expected to fail by itself.
private struct StartAttempt {
    /// Minus 9 where it went on running and was killed.
    let status: Int32
    let errors: String

    init(_ data: String, port: Int = 0, environment: [String: String] = [:]) throws {
        let process = try RunningProcess(
            Products.executable("tidemark"), ["serve", "--port", "\(port)", "--data", data],
            environment)
        let status = Shared<Int32?>(nil)
        _ = try onThreads(2) { number in
            if number == 0 {
                status.value = process.waitForExit()
            } else if !eventually(withinSeconds: 8, { status.value != nil }) {
                process.signal(SIGKILL)
            }
        }
        self.status = status.value ?? 0
        errors = process.errorText
    }
}
