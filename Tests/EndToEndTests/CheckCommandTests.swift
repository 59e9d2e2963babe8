import Foundation
import ServerSupport
import Testing

@Suite struct `Check` {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func check(_ files: [String: String], _ arguments: [String]) throws -> CommandRun {
        for (name, text) in files {
            let path = URL(fileURLWithPath: folder.path + "/" + name)
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: path, atomically: true, encoding: .utf8)
        }
        return try CommandRun(["check"] + arguments, in: folder.path)
    }

    private static let sound = [
        "a.yaml": "raw: {age: 3d}\n", "b.yaml": "metrics:\n  - {name: depth, kind: gauge}\n",
        "c.yaml": "disable: [openai_key]\n", "d.yaml": "# nothing\n",
    ]

    @Test func `tells each sound file by its kind`() throws {
        let run = try check(Self.sound, ["a.yaml", "b.yaml", "c.yaml", "d.yaml"])
        #expect(run.status == 0 && run.errors == "", "\(run)")
        #expect(
            run.output == """
                a.yaml: retention, no fault
                b.yaml: catalogue, no fault
                c.yaml: redaction, no fault
                d.yaml: empty, no fault

                """)
    }

    @Test func `tells all faults of all files, with their lines`() throws {
        let faults = [
            "a.yaml": "raw:\n  age: soon\n  bytes: much\n", "b.yaml": "\n\nnonsense: 1\n",
            "c.yaml": "metrics: [\n",
        ]
        let run = try check(faults, ["a.yaml", "b.yaml", "c.yaml", "nowhere.yaml"])
        #expect(run.status == 1 && run.output == "")
        for part in [
            "a.yaml:2: age must be", "a.yaml:3: bytes must be",
            "b.yaml:3: nonsense begins no definition", "c.yaml:", "nowhere.yaml: cannot be read",
            "hint: correct them",
        ] { #expect(run.errors.contains(part), "\(part) in \(run.errors)") }
    }

    @Test func `looks at what the settings name and at the retention folder`() throws {
        let files = [
            "tidemark.yaml": "catalogue: m.yaml\n", "m.yaml": "metrics: []\n",
            "retention/default.yaml": "raw: {age: 1d}\n", "retention/notes.txt": "no\n",
        ]
        let run = try check(files, [])
        #expect(
            run.output
                == "m.yaml: catalogue, no fault\nretention/default.yaml: retention, no fault\n")
        #expect(try check(files, ["retention"]).output.hasPrefix("retention/default.yaml: "))
    }

    @Test func `finds no fault in what is shipped`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        let run = try CommandRun(["check"], in: root)
        #expect(run.status == 0 && run.output.contains("retention/default.yaml: retention"))
    }
}
