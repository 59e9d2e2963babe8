import FaultSupport
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A fault` {
    @Test func `of writes lets so many bytes through and then fails`() throws {
        let sandbox = try Sandbox()
        let output = try sandbox.run(
            "dd if=/dev/zero of=a bs=400 count=9", faults: [.failWrites(.noSpace, afterBytes: 1000)]
        )
        #expect(output.contains("No space left on device"))
        #expect(try sandbox.content().files["a"]?.count == 800)
        #expect(try sandbox.control.hits(of: .write) == 1)
    }

    @Test(arguments: [Fault.Part.short(), .torn()])
    func `of writes can leave a part`(part: Fault.Part) throws {
        let sandbox = try Sandbox()
        let output = try sandbox.run(
            "dd if=/dev/zero of=a bs=400 count=9",
            faults: [.failWrites(.quota, afterBytes: 1000, part: part)])
        #expect(output.contains("Disk quota exceeded"))
        #expect(try sandbox.content().files["a"]?.count == 1000)
    }

    @Test func `of writes by calls leaves as much as its part says`() throws {
        let sandbox = try Sandbox()
        try sandbox.run(
            "dd if=/dev/zero of=a bs=400 count=9",
            faults: [.failWrites(.inputOutput, afterCalls: 2, part: .torn(bytes: 7))])
        #expect(try sandbox.content().files["a"]?.count == 807)
    }

    @Test func `that shortens writes fails none`() throws {
        let sandbox = try Sandbox()
        let output = try sandbox.run(
            "echo 0123456789 > a && echo done", faults: [.shortenWrites(to: 4)])
        #expect(output == "done\n")
        #expect(try sandbox.content().text("a") == "0123456789\n")
        #expect(try sandbox.operations().map(\.name).filter { $0 == "write a" }.count == 3)
    }

    @Test func `of a sync ends after so many times, and is recorded`() throws {
        let sandbox = try Sandbox()
        let output = try sandbox.run(
            "echo one > a; sync a || echo no; sync -d a || echo no; sync a && echo yes",
            faults: [.failSyncs(.inputOutput, times: 2)])
        #expect(output.split(separator: "\n").filter { $0.count < 4 } == ["no", "no", "yes"])
        let last = try sandbox.operations().suffix(3).map(\.name)
        #expect(last == ["failedSync a", "failedSync a", "sync a"])
    }

    @Test func `of a folder's sync leaves files alone`() throws {
        let sandbox = try Sandbox()
        let output = try sandbox.run(
            "echo one > a; sync a && sync . || echo no",
            faults: [.fail(.syncOfDirectory, .inputOutput)])
        #expect(output.hasSuffix("no\n"))
        #expect(try sandbox.operations().suffix(2).map(\.name) == ["sync a", "failedSync "])
    }

    @Test(arguments: [
        (Fault.Call.create, "echo > new"), (.rename, "mv old new"), (.unlink, "rm old"),
        (.truncate, "truncate -s 1 old"), (.makeDirectory, "mkdir new"), (.unlink, "rmdir folder"),
    ])
    func `of any call fails that call and changes nothing`(call: Fault.Call, line: String) throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo old > old; mkdir folder")
        let before = try sandbox.content()
        let output = try sandbox.run(line + " || echo no", faults: [.fail(call, .readOnly)])
        #expect(output.contains("Read-only file system"))
        #expect(output.hasSuffix("no\n"))
        #expect(try sandbox.content() == before)
        #expect(try sandbox.control.hits(of: call) >= 1)
    }

    @Test func `begins after so many calls`() throws {
        let sandbox = try Sandbox()
        try sandbox.run(
            "for i in 1 2 3 4 5; do (echo > $i); done",
            faults: [.fail(.create, .notPermitted, afterCalls: 2, times: 1)])
        #expect(Set(try sandbox.content().files.keys) == ["1", "2", "4", "5"])
    }

    @Test func `is felt at once by a process that runs`() throws {
        let sandbox = try Sandbox()
        let process = try sandbox.start("> a; until [ -e b ]; do :; done; rm b || rm a")
        try sandbox.control.set(.fail(.unlink, .readOnly, times: 1))
        try Data().write(to: URL(fileURLWithPath: sandbox.root + "/b"))
        process.waitUntilExit()
        #expect(try sandbox.content().files.keys.sorted() == ["b"])
    }

    @Test func `ends at once in a process that runs`() async throws {
        let sandbox = try Sandbox()
        try sandbox.control.set(.fail(.rename, .readOnly))
        let process = try sandbox.start("> a; until mv a b; do :; done")
        while try sandbox.control.hits(of: .rename) == 0 {
            await Task.yield()
        }
        try sandbox.control.set(.clear)
        process.waitUntilExit()
        #expect(try sandbox.content().files.keys.sorted() == ["b"])
    }

    @Test func `that slows syncs down holds up no other call, and wakes when cleared`() async throws
    {
        let sandbox = try Sandbox()
        try sandbox.control.set(.slowSyncs(microseconds: 20_000_000))
        let process = try sandbox.start("echo > a; { sync a & echo > b; } | cat")
        while try sandbox.content().files["b"] == nil {
            await Task.yield()
        }
        try sandbox.control.set(.clear)
        process.waitUntilExit()
        #expect(try sandbox.operations().last?.name == "sync a")
    }

    @Test func `that ignores syncs lets them succeed and records none`() throws {
        let sandbox = try Sandbox()
        let output = try sandbox.run(
            "echo one > a; sync a && sync . && echo yes", faults: [.ignoreSyncs])
        #expect(output == "yes\n")
        #expect(try sandbox.operations().map(\.name) == ["create a", "write a"])
    }

    @Test func `can be had without a journal`() throws {
        let sandbox = try Sandbox()
        let variables = try sandbox.control.environment(root: sandbox.root, recording: false)
        #expect(Set(variables.keys) == ["LD_PRELOAD", "FAULT_ROOT", "FAULT_CONTROL"])
    }
}
