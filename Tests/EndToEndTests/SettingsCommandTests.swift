import Foundation
import ServerSupport
import Testing

@Suite struct `The settings command` {
    struct Setting: Decodable {
        let key, value, unit, `default`, source, variable, help: String
    }

    private static func settings(
        _ arguments: [String] = [], _ environment: [String: String] = [:], file: String? = nil
    ) throws -> [String: Setting] {
        let folder = try TemporaryFolder()
        if let file { try folder.write("tidemark.yaml", file) }
        let run = try CommandRun(
            ["settings", "--format", "json"] + arguments, environment: environment,
            in: folder.path)
        #expect(run.status == 0 && run.errors == "")
        let list = try JSONDecoder().decode([Setting].self, from: Data(run.output.utf8))
        return Dictionary(uniqueKeysWithValues: list.map { ($0.key, $0) })
    }

    @Test func `lists defaults, each with a unit where it has one`() throws {
        let settings = try Self.settings()
        #expect(settings.count > 25)
        for setting in settings.values {
            #expect(setting.source == "default" && setting.value == setting.default)
            #expect(setting.variable == "TIDEMARK_" + setting.key.uppercased())
            #expect(!setting.help.isEmpty)
            for (ending, unit) in [
                ("_bytes_max", "bytes"), ("_seconds_max", "s"), ("_milliseconds_max", "ms"),
            ] where setting.key.hasSuffix(ending) {
                #expect(setting.unit == unit)
            }
        }
        #expect(settings["port"]?.value == "4000" && settings["host"]?.value == "127.0.0.1")
    }

    @Test func `takes a flag before the environment before the file before the default`() throws {
        let file = "scans_max: 2\nport: 5002\nhost: localhost\nconnections_max: 7\n"
        let variables = ["TIDEMARK_SCANS_MAX": "3", "TIDEMARK_PORT": "5003"]
        let settings = try Self.settings(
            ["--port", "5004"], variables.merging(["TIDEMARK_CONNECTIONS_MAX": "8"]) { $1 },
            file: file)
        let said = ["port", "scans_max", "host", "connections_max", "header_fields_max"].map {
            key in
            settings[key].map { "\($0.value) \($0.source)" } ?? ""
        }
        #expect(
            said == [
                "5004 flag", "3 environment", "localhost file", "8 environment", "100 default",
            ])
        let set = try Self.settings(["--set", "scans_max=5"], variables, file: file)
        #expect(set["scans_max"]?.value == "5" && set["scans_max"]?.source == "flag")
    }

    @Test func `takes lists from a flag that is repeated, from commas, and from YAML`() throws {
        let expected = "a.example,b.example"
        let flags = ["--allow-host", "a.example", "--allow-host", "b.example"]
        #expect(try Self.settings(flags)["allow_hosts"]?.value == expected)
        let variables = ["TIDEMARK_ALLOW_HOSTS": "a.example, b.example"]
        #expect(try Self.settings([], variables)["allow_hosts"]?.value == expected)
        for file in [
            "allow_hosts: [a.example, b.example]", "allow_hosts:\n  - a.example\n  - b.example\n",
            "allow_hosts: a.example,b.example",
        ] {
            #expect(try Self.settings(file: file)["allow_hosts"]?.value == expected)
        }
    }

    @Test func `finds the file that it is told of, by a flag or a variable`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("other.yaml", "# nothing else\nport: 5005\n")
        #expect(try Self.settings(["--config", path])["port"]?.value == "5005")
        #expect(try Self.settings([], ["TIDEMARK_CONFIG": path])["port"]?.value == "5005")
        let both = try Self.settings(["--config", path], ["TIDEMARK_CONFIG": "missing.yaml"])
        #expect(both["port"]?.value == "5005")
        #expect(try Self.settings(file: "")["port"]?.source == "default")
    }

    @Test func `prints an aligned table with the same rows`() throws {
        let run = try CommandRun(["settings", "--set", "scans_max=5"])
        let lines = run.output.split(separator: "\n")
        let header = try #require(lines.first)
        #expect(try run.status == 0 && lines.count == Self.settings().count + 1)
        let columns = ["setting", "value", "unit", "default", "from", "what it is"]
        #expect(
            header.split(separator: "  ", omittingEmptySubsequences: true).map {
                $0.trimmingCharacters(in: .whitespaces)
            } == columns)
        let starts = columns.compactMap { header.range(of: $0)?.lowerBound }
            .map { header.distance(from: header.startIndex, to: $0) }
        for line in lines.dropFirst() {
            let line = Array(line)
            for start in starts.dropFirst() { #expect(line[start - 1] == " ") }
        }
        let scans = lines.first { $0.hasPrefix("scans_max ") }
        #expect(scans?.contains(/scans_max +5 +scans +32 +flag +questions/) == true)
    }

    @Test func `prints the same rows for the documentation`() throws {
        let run = try CommandRun(["settings", "--format", "markdown", "--set", "scans_max=5"])
        let lines = run.output.split(separator: "\n")
        #expect(lines.first == "| setting | unit | default | what it is |")
        #expect(try lines.count == Self.settings().count + 2)
        #expect(lines.contains { $0.hasPrefix("| `scans_max` | scans | 32 | ") })
    }
}

@Suite struct `A fault in the settings` {
    private static func faults(
        file: String, _ arguments: [String] = [], _ environment: [String: String] = [:]
    ) throws -> [String] {
        let folder = try TemporaryFolder()
        try folder.write("tidemark.yaml", file)
        for verb in ["settings", "serve"] {
            let run = try CommandRun(
                [verb, "--data", "data"] + arguments, environment: environment, in: folder.path)
            #expect(run.status == 2 && run.output == "")
            let lines = run.errors.split(separator: "\n").map(String.init)
            #expect(lines.first?.hasPrefix("error: ") == true)
            #expect(lines.last?.hasPrefix("hint: ") == true)
            if verb == "serve" {
                return lines.dropLast().map { String($0.dropFirst(7)) }
            }
        }
        return []
    }

    @Test(
        arguments: [
            ("port: x", "tidemark.yaml:1: port: must be a whole number from 0 to 65535"),
            ("\n\nport: 65536\n", "tidemark.yaml:3: port: must be a whole number from 0 to 65535"),
            ("port: -1", "tidemark.yaml:1: port: must be a whole number from 0 to 65535"),
            ("port: 1.5", "tidemark.yaml:1: port: must be a whole number from 0 to 65535"),
            ("a: 1", "tidemark.yaml:1: unknown setting a; tidemark settings lists them"),
            ("# c\nport: {a: 1}", "tidemark.yaml:2: port must be a value or a list of values"),
            ("- port", "tidemark.yaml:1: must be a mapping of keys to values"),
        ])
    func `of the file is named with its place`(file: String, fault: String) throws {
        #expect(try Self.faults(file: file) == [fault])
    }

    @Test(arguments: ["port: [", "\tport: 1", "port: 1\n  host: x", "port: \"x"])
    func `of the file's grammar is named with its place`(file: String) throws {
        let faults = try Self.faults(file: file)
        #expect(faults.count == 1)
        #expect(faults.first?.contains(#/^tidemark\.yaml:[12]: /#) == true)
    }

    @Test func `does not hide another, wherever it comes from`() throws {
        let faults = try Self.faults(
            file: "port: x\nscans_max: 0\n", ["--set", "queue_bytes_max=1"],
            ["TIDEMARK_GROUP_BYTES_MAX": "many"])
        #expect(
            faults.map { $0.prefix { $0 != " " } } == [
                "tidemark.yaml:1:", "tidemark.yaml:2:", "TIDEMARK_GROUP_BYTES_MAX:",
                "--queue-bytes-max:",
            ])
    }

    @Test func `of one kind does not hide one of another kind`() throws {
        let faults = try Self.faults(file: "nope: 1\nport: x\n")
        #expect(faults.count == 2)
    }

    @Test func `is a key given twice`() throws {
        let faults = try Self.faults(file: "port: 4001\nport: 4002\n")
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("tidemark.yaml:2: ") == true)
    }

    @Test func `is a file that is there and cannot be read`() throws {
        let folder = try TemporaryFolder()
        let name = folder.path + "/tidemark.yaml"
        try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false)
        let run = try CommandRun(["settings"], in: folder.path)
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("error: tidemark.yaml: cannot be read"))
    }
}
