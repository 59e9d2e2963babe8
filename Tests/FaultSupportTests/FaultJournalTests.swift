import FaultSupport
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The journal` {
    @Test func `holds each operation below the root in its order`() throws {
        let sandbox = try Sandbox()
        try sandbox.run(
            """
            echo one > a; sync -d a; mkdir sub; mv a sub/b; ln sub/b sub/c
            truncate -s 2 sub/b; rm sub/c; sync sub; rm sub/b; rmdir sub
            """)
        let operations = try sandbox.operations()
        #expect(
            operations.map(\.name) == [
                "create a", "write a", "sync a", "makeDirectory sub", "rename a", "link sub/b",
                "truncate sub/b", "unlink sub/c", "sync sub", "unlink sub/b", "removeDirectory sub",
            ])
        #expect(operations[1].action == .write(offset: 0, bytes: Array("one\n".utf8)))
        #expect(operations[4].action == .rename(to: "sub/b"))
        #expect(operations[6].action == .truncate(size: 2))
    }

    @Test func `says nothing of files outside the root`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo a > ../outside; mv ../outside ../other; sync ../other; echo > in")
        #expect(Set(try sandbox.operations().map(\.path)) == ["in"])
    }

    @Test func `knows a file by its identity through a rename`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("exec 3> a; echo 1 >&3; mv a b; echo 2 >&3; echo 3 > a")
        let operations = try sandbox.operations()
        let later = operations.last { $0.path == "b" }
        #expect(later?.file == operations.first?.file)
        #expect(operations.last?.file != operations.first?.file)
    }

    @Test func `has the offset of an append`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo one > a; echo two >> a")
        #expect(
            try sandbox.operations().last?.action == .write(offset: 4, bytes: Array("two\n".utf8)))
    }

    @Test func `says that a sync covers what came before it began, not before it ended`()
        async throws
    {
        let sandbox = try Sandbox()
        try sandbox.control.set(.slowSyncs(microseconds: 20_000_000))
        let process = try sandbox.start(
            "echo one > a; { sync a & until [ -e go ]; do :; done; echo two >> a; } | cat")
        while try sandbox.control.syncsBegun() == 0 {
            await Task.yield()
        }
        try Data().write(to: URL(fileURLWithPath: sandbox.root + "/go"))
        while try sandbox.operations().count < 3 {
            await Task.yield()
        }
        try sandbox.control.set(.clear)
        process.waitUntilExit()
        let operations = try sandbox.operations()
        #expect(operations.map(\.name) == ["create a", "write a", "write a", "sync a"])
        #expect(operations.last?.action == .sync(.full, covers: operations[2].position, size: 4))
    }

    @Test func `is read past a torn record, at its end and within`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo one > a; echo two > b")
        let whole = try Data(contentsOf: URL(fileURLWithPath: sandbox.control.journalPath))
        let cut = FaultJournal(bytes: Array(whole.dropLast(3)))
        #expect(cut.operations.map(\.name) == ["create a", "write a", "create b"])
        #expect(cut.tornBytes > 0)
        try Data(whole.dropLast(3)).write(to: URL(fileURLWithPath: sandbox.control.journalPath))
        try sandbox.run("echo three > c")
        let names = try sandbox.operations().map(\.name)
        #expect(names == ["create a", "write a", "create b", "create c", "write c"])
    }

    @Test func `is not hurt by kill -9, and goes on when the process starts again`() throws {
        let sandbox = try Sandbox()
        let writes = "for i in 1 2 3; do echo $$ > $1.$i; done; "
        try sandbox.run("set -- a; " + writes + "kill -9 $$; echo no > never")
        try sandbox.run("set -- b; " + writes)
        #expect(try sandbox.control.journal().tornBytes == 0)
        #expect(Set(try sandbox.operations().map(\.path)).count == 6)
        #expect(Set(try sandbox.operations().map(\.process)).count == 2)
    }

    @Test func `replayed in full is the folder itself`() throws {
        let sandbox = try Sandbox()
        try sandbox.run(
            """
            mkdir s; for i in 1 2 3 4; do {
                dd if=/dev/urandom of=f$i bs=3000 count=5 2> ../null
                echo more >> f$i; mv f$i s/g$i; truncate -s 1${i}000 s/g$i
            } & done | cat; sync s/* s .
            """)
        #expect(try sandbox.powerLoss().worstImage() == sandbox.content())
    }

    @Test func `tells how many operations a position stands for`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo one > a")
        let position = try sandbox.control.journalPosition()
        try sandbox.run("echo two > b")
        #expect(try sandbox.control.journal().operationCount(before: position) == 2)
        #expect(try sandbox.control.journal().operationCount(before: 0) == 0)
    }
}

extension FaultOperation {
    /// The case and the path, for a comparison that reads well.
    var name: String {
        let label = String("\(action)".prefix { $0 != "(" })
        return label + " " + path
    }
}
