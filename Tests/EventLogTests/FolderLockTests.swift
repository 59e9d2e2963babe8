import EventLog
import Foundation
import Synchronization
import Testing
import TestSupport

@Suite struct `The lock of a data folder` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func refusal() -> LogError? {
        do throws(LogError) {
            _ = try FolderLock(folder: folder.path)
            return nil
        } catch {
            return error
        }
    }

    @Test func `is refused to a second holder in the same process, with the pid`() throws {
        let lock = try FolderLock(folder: folder.path)
        let error = try #require(refusal())
        #expect(error.code == .locked)
        #expect(error.description.contains("\(getpid())"))
        #expect(error.description.contains(folder.path))
        #expect(try folder.text(of: "LOCK") == "\(getpid())\n")
        withExtendedLifetime(lock) {}
    }

    @Test func `is free again when its holder lets go`() throws {
        for _ in 0..<3 { _ = try FolderLock(folder: folder.path) }
        #expect(refusal() == nil)
    }

    @Test func `is refused while another process holds it, and free when that is killed`() throws {
        let other = try Holder(folder)
        let error = try #require(refusal())
        #expect(error.code == .locked)
        #expect(error.description.contains("\(other.pid) "))
        other.kill()
        #expect(refusal() == nil)
    }

    @Test func `closes nothing but its own file when it is refused`() throws {
        let lock = try FolderLock(folder: folder.path)
        let lost = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for _ in 0..<10_000 {
                if thread == 0 {
                    _ = refusal()
                } else if close(open("/dev/null", O_RDONLY | O_CLOEXEC)) != 0 {
                    lost.withLock { $0 += 1 }
                }
            }
        }
        #expect(lost.withLock(\.self) == 0)
        withExtendedLifetime(lock) {}
    }

    @Test func `keeps another process out`() throws {
        let lock = try FolderLock(folder: folder.path)
        #expect(try Holder.canLock(folder) == false)
        withExtendedLifetime(lock) {}
    }

    @Test func `says so where the holder's pid cannot be read`() throws {
        let other = try Holder(folder, writesPid: false)
        #expect(refusal()?.description.contains("unknown pid") == true)
        other.kill()
    }

    @Test func `leaves nothing of a longer pid before it`() throws {
        try folder.write(Array("123456789012345\n".utf8), to: "LOCK")
        let lock = try FolderLock(folder: folder.path)
        #expect(try folder.text(of: "LOCK") == "\(getpid())\n")
        withExtendedLifetime(lock) {}
    }

    @Test func `makes the folder where it is missing`() throws {
        let lock = try FolderLock(folder: folder.path + "/data")
        #expect(try folder.names == ["data"])
        #expect(try folder.text(of: "data/LOCK") == "\(getpid())\n")
        withExtendedLifetime(lock) {}
    }

    @Test func `cannot be had where there can be no folder`() throws {
        try folder.write([], to: "data")
        let error = #expect(throws: LogError.self) {
            try FolderLock(folder: folder.path + "/data")
        }
        #expect(error?.code == .other)
    }
}

/// Another process with the lock, taken as `FolderLock` takes it: `flock` and its pid.
private final class Holder {
    private let process = Process()

    init(_ folder: ScratchFolder, writesPid: Bool = true) throws {
        let pid = writesPid ? "echo $$ > LOCK; " : ": > LOCK; "
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "exec 9<> LOCK; flock -n 9 && \(pid) echo held; exec sleep 600"]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardOutput = output
        try process.run()
        let answer = output.fileHandleForReading.availableData
        try #require(String(decoding: answer, as: UTF8.self) == "held\n")
    }

    deinit { kill() }

    var pid: Int32 { process.processIdentifier }

    func kill() {
        _ = Glibc.kill(pid, SIGKILL)
        process.waitUntilExit()
    }

    static func canLock(_ folder: ScratchFolder) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["flock", "-n", folder.path + "/LOCK", "true"]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
