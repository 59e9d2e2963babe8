import FaultSupport
import Foundation
import Testing

@Suite struct `After power loss` {
    @Test func `a file that was never synced may be empty`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo one > a; sync .")
        let loss = try sandbox.powerLoss()
        #expect(try loss.worstImage().files == ["a": []])
        #expect(Set(try loss.manyImages().map { $0.text("a") }).isSuperset(of: ["", "one\n"]))
    }

    @Test func `a synced file in a synced folder is always whole`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("dd if=/dev/urandom of=a bs=5000 count=3 conv=fdatasync; sync .")
        let content = try sandbox.content()
        let loss = try sandbox.powerLoss()
        #expect(try loss.manyImages().allSatisfy { $0 == content })
        #expect(try loss.worstImage() == content)
    }

    @Test func `a synced file whose folder was not synced may be missing`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo one > a; sync a")
        let texts = Set(try sandbox.powerLoss().manyImages().map { $0.text("a") })
        #expect(texts == [nil, "one\n"])
    }

    @Test func `what came after the last sync may be there or not`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo one > a; sync a .; echo two >> a")
        let loss = try sandbox.powerLoss()
        #expect(try loss.worstImage().text("a") == "one\n")
        let texts = Set(try loss.manyImages().map { $0.text("a") })
        #expect(texts == ["one\n", "one\ntwo\n", "one\n\0\0\0\0"])
    }

    @Test func `the cut point decides what was synced`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo one > a; sync .; sync a")
        let loss = try sandbox.powerLoss()
        let texts = try (0...4).map { try loss.worstImage(after: $0).text("a") }
        #expect(texts == [nil, nil, nil, "", "one\n"])
    }

    @Test func `blocks of a growing file are kept, zero, old or torn at a sector`() throws {
        let sandbox = try Sandbox()
        try sandbox.run(
            """
            tr '\\0' o < /dev/zero | dd of=a bs=6000 count=1 iflag=fullblock; sync a .
            tr '\\0' n < /dev/zero | dd bs=9000 count=1 iflag=fullblock >> a
            """)
        let images = try sandbox.powerLoss().manyImages().compactMap { $0.files["a"] }
        #expect(images.count == 80)
        #expect(images.allSatisfy { $0.prefix(6000).allSatisfy { $0 == UInt8(ascii: "o") } })
        #expect(Set(images.map(\.count)) == [6000, 8192, 12288, 15000])
        let tails = images.map { $0.dropFirst(6000) }
        #expect(tails.allSatisfy { $0.allSatisfy { $0 == 0 || $0 == UInt8(ascii: "n") } })
        #expect(tails.contains { $0.contains(0) && $0.contains(UInt8(ascii: "n")) })
        let borders = tails.flatMap { tail in
            tail.indices.dropFirst().filter { tail[$0] != tail[$0 - 1] }
        }
        #expect(borders.allSatisfy { $0 % 512 == 0 })
        #expect(borders.contains { $0 % 4096 != 0 })
    }

    @Test func `a cut that was not synced may be undone, one that was never is`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo 012345678 > a; sync a .; truncate -s 4 a; sync a; echo end >> a")
        let loss = try sandbox.powerLoss()
        let before = Set(try loss.manyImages(after: 5).map { $0.text("a") })
        #expect(before.isSuperset(of: ["012345678\n", "0123"]))
        let after = Set(try loss.manyImages().map { $0.text("a") })
        #expect(after == ["0123", "0123end\n", "0123\0\0\0\0"])
    }

    @Test func `a sync that succeeds does not save what a failed one lost`() throws {
        let sandbox = try Sandbox()
        try sandbox.run(
            "echo one > a; sync .; sync a; sync a", faults: [.failSyncs(.inputOutput, times: 1)])
        #expect(try sandbox.operations().last?.name == "sync a")
        #expect(try sandbox.powerLoss().worstImage().text("a") == "")
        try sandbox.run("printf one | dd of=a conv=notrunc,fdatasync")
        #expect(try sandbox.powerLoss().worstImage().text("a") == "one\n")
    }

    @Test func `a rename that was not synced is done or not done, never half`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo old > a; sync a .; echo new > b; sync b .; mv b a")
        let loss = try sandbox.powerLoss()
        let states = Set(try loss.manyImages().map { [$0.text("a"), $0.text("b")] })
        #expect(states == [["old\n", "new\n"], ["new\n", nil]])
    }

    @Test func `a prefix of a folder's changes survives, or any of them if adversarial`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("> a; > b; > c")
        let loss = try sandbox.powerLoss()
        let seeds: Range<UInt64> = 0..<200
        let prefixes = Set(
            try seeds.map { try loss.image(mode: .random(seed: $0)).files.keys.sorted() })
        #expect(prefixes == [[], ["a"], ["a", "b"], ["a", "b", "c"]])
        let subsets = Set(
            try seeds.map { try loss.image(mode: .adversarial(seed: $0)).files.keys.sorted() })
        #expect(subsets.count == 8)
    }

    @Test func `a removal that was not synced may be undone, content and all`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo one > a; sync a .; rm a; sync .")
        let loss = try sandbox.powerLoss()
        #expect(Set(try loss.manyImages(after: 5).map { $0.text("a") }) == ["one\n", nil])
        #expect(try loss.manyImages().allSatisfy { $0.files.isEmpty })
    }

    @Test func `what was in a folder that was lost is lost with it`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("mkdir sub; echo one > sub/a; sync sub/a sub")
        #expect(try sandbox.powerLoss().worstImage() == FolderImage())
        try sandbox.run("sync .")
        #expect(try sandbox.powerLoss().worstImage().text("sub/a") == "one\n")
    }

    @Test func `what was there before the journal began is durable`() throws {
        let sandbox = try Sandbox()
        try "old\n".write(toFile: sandbox.root + "/a", atomically: false, encoding: .utf8)
        let initial = try sandbox.content()
        try sandbox.run("echo more >> a; mv a b")
        let loss = try sandbox.powerLoss(initial: initial)
        #expect(try loss.worstImage().files == initial.files)
        let names = Set(try loss.manyImages().map { $0.files.keys.sorted() })
        #expect(names == [["a"], ["b"]])
    }

    @Test func `a process that ignored its syncs has lost what it acknowledged`() throws {
        let script = "echo one > a; sync a .; echo acknowledged"
        let honest = try Sandbox()
        try honest.run(script)
        #expect(try honest.powerLoss().worstImage().text("a") == "one\n")
        let lying = try Sandbox()
        #expect(try lying.run(script, faults: [.ignoreSyncs]) == "acknowledged\n")
        #expect(try lying.powerLoss().worstImage() == FolderImage())
    }

    @Test func `the same seed gives the same state, on the disk too`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("mkdir s; dd if=/dev/urandom of=s/a bs=9000 count=2; sync s; > b; sync .")
        let loss = try sandbox.powerLoss()
        let folder = sandbox.root + "/again"
        try loss.materialise(mode: .random(seed: 7), into: folder)
        #expect(try FolderImage(path: folder) == loss.image(mode: .random(seed: 7)))
        #expect(Set(try loss.manyImages().map { $0.files["s/a"] }).count > 40)
    }

    @Test func `a journal without the folder's first content is refused`() throws {
        let sandbox = try Sandbox()
        try FileManager.default.createDirectory(
            atPath: sandbox.root + "/sub", withIntermediateDirectories: true)
        try sandbox.run("echo > sub/a")
        #expect(throws: PowerLossError.unknownFolder("sub/a")) {
            try sandbox.powerLoss().worstImage()
        }
    }

    @Test func `a journal that misses a write, as of stdio, is refused`() throws {
        let sandbox = try Sandbox()
        try sandbox.run("echo unseen | head -n 1 > a; sync a")
        #expect(throws: PowerLossError.unseenWrite("a", size: 7, known: 0)) {
            try sandbox.powerLoss().worstImage()
        }
    }
}
