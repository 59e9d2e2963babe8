import Definitions
import Testing

@Suite struct `A settings file` {
    private static func file(_ text: String) -> SettingsFile {
        SettingsFile(text, file: "t.yaml", known: ["port", "host", "allow_hosts", "data"])
    }

    private static func faults(_ text: String) -> [String] {
        file(text).faults.map(\.description)
    }

    @Test func `has texts by key, each with its line`() throws {
        let file = Self.file(
            """
            # where to listen
            port: 4001
            host: "::1"

            allow_hosts: [a.example, b.example]
            data: /var/lib/tide mark
            """)
        #expect(
            file.values.mapValues(\.text) == [
                "port": "4001", "host": "::1", "allow_hosts": "a.example,b.example",
                "data": "/var/lib/tide mark",
            ])
        #expect(
            file.values.mapValues(\.line) == ["port": 2, "host": 3, "allow_hosts": 5, "data": 6])
    }

    @Test(arguments: [
        ("port: 08", "08"), ("port: 0x10", "0x10"), ("port: 1e3", "1e3"), ("port: yes", "yes"),
        ("port: '7'", "7"), ("port: ''", ""), ("port: [1]", "1"), ("port: []", ""),
        ("port:\n- 1\n- 2", "1,2"), ("port: a:b", "a:b"),
    ])
    func `leaves the meaning of a value to others`(text: String, value: String) throws {
        #expect(Self.file(text).values["port"]?.text == value)
    }

    @Test(arguments: ["", "\n\n", "# port: 4\n", "{}"])
    func `may say nothing`(text: String) throws {
        #expect(Self.file(text).values.isEmpty)
    }

    @Test(arguments: [
        ("prot: 1", ["t.yaml:1: unknown setting prot; tidemark settings lists them"]),
        ("Port: 1", ["t.yaml:1: unknown setting Port; tidemark settings lists them"]),
        ("port: {a: 1}", ["t.yaml:1: port must be a value or a list of values"]),
        ("\nport: [[1]]", ["t.yaml:2: port must be a value or a list of values"]),
        ("- port", ["t.yaml:1: must be a mapping of keys to values"]),
        ("4000", ["t.yaml:1: must be a mapping of keys to values"]),
        (
            "port: {}\nhost: a\nhots: b\ndata: [{}]",
            [
                "t.yaml:1: port must be a value or a list of values",
                "t.yaml:3: unknown setting hots; tidemark settings lists them",
                "t.yaml:4: data must be a value or a list of values",
            ]
        ),
    ])
    func `is refused with the places of all its faults`(text: String, faults: [String]) {
        #expect(Self.faults(text) == faults)
    }

    @Test(arguments: ["port: [", "port: 'x", "port: 1\n host: 2", "\tport: 1", "port: @x", "%a"])
    func `is refused where it is no YAML`(text: String) {
        let faults = Self.faults(text)
        #expect(faults.count == 1)
        #expect(faults.first?.contains(/^t\.yaml:[0-9]+: ./) == true, "\(faults)")
    }

    @Test func `is refused with the line of a key that comes twice`() {
        let faults = Self.faults("port: 1\nhost: a\nport: 2\n")
        #expect(faults.count == 1)
        #expect(
            faults.first?.contains(/^t\.yaml:[0-9]+: .*(twice|more than once|duplicate)/)
                == true,
            "\(faults)")
    }
}
