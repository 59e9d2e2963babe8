import Daemon
import Foundation
import Intake
import Testing

/// Settings from sources, without the surroundings of the test.
enum Resolution {
    static func resolved(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String = ""
    ) throws -> ResolvedSettings {
        let file = try TemporaryFile(file)
        defer { withExtendedLifetime(file) {} }
        return try ResolvedSettings(flags: flags, environment: environment, file: file.path)
    }

    static func settings(flags: [String: String]) throws -> Settings {
        try resolved(flags: flags).settings
    }

    /// All faults; the file's own path stands as `FILE` in them.
    static func faults(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String = ""
    ) -> [String] {
        guard let file = try? TemporaryFile(file) else { return ["no temporary file"] }
        defer { withExtendedLifetime(file) {} }
        do throws(SettingsFaults) {
            _ = try ResolvedSettings(flags: flags, environment: environment, file: file.path)
            return []
        } catch {
            return error.faults.map { $0.replacing(file.path, with: "FILE") }
        }
    }
}

@Suite struct `The settings of a server` {
    @Test func `are the defaults where no source says otherwise`() throws {
        let resolved = try Resolution.resolved(environment: ["PATH": "/bin", "TIDEMARK": "x"])
        for setting in Setting.table {
            #expect(setting.read(resolved.settings) == setting.defaultText)
        }
        #expect(resolved.sources.isEmpty)
    }

    /// One bit a source.
    @Test(arguments: 0..<8)
    func `come from the flag, else the environment, else the file`(
        bits: Int
    ) throws {
        let (hasFlag, hasVariable, hasFile) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)
        let resolved = try Resolution.resolved(
            flags: hasFlag ? ["port": "1", "host": "f"] : [:],
            environment: hasVariable ? ["TIDEMARK_PORT": "2", "TIDEMARK_HOST": "e"] : [:],
            file: hasFile ? "port: 3\nhost: y\n" : "")
        let expected: (port: Int, host: String, source: SettingSource?) =
            hasFlag
            ? (1, "f", .flag)
            : hasVariable
                ? (2, "e", .environment) : hasFile ? (3, "y", .file) : (4_000, "127.0.0.1", nil)
        #expect(resolved.settings.port == expected.port)
        #expect(resolved.settings.host == expected.host)
        #expect(resolved.sources["port"] == expected.source)
        #expect(resolved.sources["host"] == expected.source)
        #expect(resolved.sources["data"] == nil)
    }

    @Test func `may each come from another source`() throws {
        let resolved = try Resolution.resolved(
            flags: ["port": "1"], environment: ["TIDEMARK_DATA": "e", "TIDEMARK_PORT": "2"],
            file: "data: y\nevent_bytes_max: 2048\nallow_hosts: [a, b]\nport: 3\n")
        #expect(resolved.settings.port == 1)
        #expect(resolved.settings.data == "e")
        #expect(resolved.settings.intake.eventBytesMax == 2_048)
        #expect(resolved.settings.allowHosts == ["a", "b"])
        #expect(
            resolved.sources == [
                "port": .flag, "data": .environment, "event_bytes_max": .file,
                "allow_hosts": .file,
            ])
    }

    @Test func `have faults with their places, all at once`() {
        let faults = Resolution.faults(
            flags: ["name_bytes_max": "1", "port": "2"],
            environment: ["TIDEMARK_PORT": "x", "TIDEMARK_SCANS_MAX": "0"],
            file: "host: h\n\nport: 70000\nevent_bytes_max: lots\n")
        #expect(
            faults == [
                "FILE:3: port: must be a whole number from 0 to 65535",
                "FILE:4: event_bytes_max: must be a whole number from 1024 to 268435456",
                "TIDEMARK_PORT: must be a whole number from 0 to 65535",
                "TIDEMARK_SCANS_MAX: must be a whole number from 1 to 1024",
                "--name-bytes-max: must be a whole number from 16 to 4096",
            ])
    }

    @Test func `have the faults of the file beside all others`() {
        let faults = Resolution.faults(flags: ["port": "x"], file: "prot: 1\nport: {}\n")
        #expect(
            faults == [
                "FILE:1: unknown setting prot; tidemark settings lists them",
                "FILE:2: port must be a value or a list of values",
                "--port: must be a whole number from 0 to 65535",
            ])
    }

    @Test func `need the file that was asked for`() {
        for (file, environment) in [
            ("/nowhere/t.yaml", [:]), (nil, ["TIDEMARK_CONFIG": "/nowhere/t.yaml"]),
        ]
            as [(String?, [String: String])]
        {
            do throws(SettingsFaults) {
                _ = try ResolvedSettings(flags: [:], environment: environment, file: file)
                Issue.record("took a file that is not there")
            } catch {
                #expect(error.faults == ["/nowhere/t.yaml: cannot be read"])
            }
        }
    }

    @Test func `come from the file that the environment names, unless a flag names another`() throws
    {
        let one = try TemporaryFile("port: 1")
        let two = try TemporaryFile("port: 2")
        let environment = ["TIDEMARK_CONFIG": one.path]
        let named = try ResolvedSettings(flags: [:], environment: environment, file: nil)
        #expect(named.settings.port == 1)
        let flagged = try ResolvedSettings(flags: [:], environment: environment, file: two.path)
        #expect(flagged.settings.port == 2)
        withExtendedLifetime((one, two)) {}
    }

    /// The working folder is the process's, so a process of its own has it changed.
    @Test func `come from tidemark.yaml where there is one`() async {
        #expect(ResolvedSettings.defaultFile == "tidemark.yaml")
        await #expect(processExitsWith: .success) {
            let folder = FileManager.default.temporaryDirectory
                .appendingPathComponent("tidemark-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            #expect(FileManager.default.changeCurrentDirectoryPath(folder.path))
            let bare = try ResolvedSettings(flags: [:], environment: [:], file: nil)
            #expect(bare.settings.port == 4_000)
            try Data("port: 4001\n".utf8).write(to: folder.appendingPathComponent("tidemark.yaml"))
            let found = try ResolvedSettings(flags: [:], environment: [:], file: nil)
            #expect(found.settings.port == 4_001)
        }
    }
}
