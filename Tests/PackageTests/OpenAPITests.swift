import ServerSupport
import Testing

/// `openapi.yaml`, as far as it can be held against the sources without a parser of YAML: two
/// spaces a level, as it is written.
@Suite struct `The API's description` {
    private static func document() throws -> [Substring] {
        try Repository.file("Sources/HTTPAPI/openapi.yaml").lines
    }

    private static func indent(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }

    /// `GET /events` and so on, as the document has them.
    private static func described() throws -> [String] {
        var path = ""
        var isInPaths = false
        var routes: [String] = []
        for line in try document() where !line.isEmpty {
            let word = line.drop { $0 == " " }.prefix { $0 != ":" }
            switch indent(line) {
            case 0: isInPaths = line.hasPrefix("paths:")
            case 2 where isInPaths: path = String(word)
            case 4 where isInPaths && word != "parameters":
                routes.append("\(word.uppercased()) \(path)")
            default: break
            }
        }
        return routes.sorted()
    }

    /// The same, as the router has them.
    private static func routed() throws -> [String] {
        let text = try Repository.file("Sources/HTTPAPI/API.swift").text
        let routes = text.matches(of: #/\("(/[^"]*)", \[([^\]]*)\]\)/#)
        return routes.flatMap { route in
            route.2.matches(of: #/\.([a-z]+):/#).map { "\($0.1.uppercased()) \(route.1)" }
        }.sorted()
    }

    @Test func `has every route, and no other`() throws {
        let routed = try Self.routed()
        #expect(routed.count >= 11)
        #expect(try Self.described() == routed)
    }

    /// The values of an enumeration below a key, one on a line.
    private static func values(of schema: String) throws -> [String] {
        let lines = try document()
        let start = try #require(lines.firstIndex { $0 == "    \(schema):" })
        return lines[(start + 1)...].prefix { $0.isEmpty || indent($0) > 4 }
            .compactMap { $0.firstMatch(of: #/^ +- ([a-z_]+)$/#).map { String($0.1) } }
    }

    /// The raw values of an enumeration's cases.
    private static func cases(of file: String) throws -> [String] {
        let text = try Repository.file(file).text
        return text.matches(of: #/\n +case \w+ = "([a-z_]+)"/#).map { String($0.1) }
    }

    @Test func `has every code of an error, and no other`() throws {
        let codes = try Self.cases(of: "Sources/HTTPAPI/APIError.swift")
        #expect(try Self.values(of: "ErrorCode") == codes)
        let events = try Self.cases(of: "Sources/EventFormats/EventFault.swift")
        #expect(try Self.values(of: "EventCode") == events)
        let samples = try Self.cases(of: "Sources/Catalogue/SampleFault.swift")
        #expect(try Self.values(of: "SampleCode") == samples)
    }

    @Test func `is of the version that is served`() throws {
        let version = try CommandRun(["--version"]).output
        #expect(try Self.document().contains("  version: \(version.dropLast())"))
    }

    @Test func `names settings and their defaults as they are`() throws {
        let settings = try CommandRun(["settings", "--format", "markdown"]).output
        let text = try Self.document().joined(separator: " ")
            .replacing(#/ +/#, with: " ")
        let named = text.matches(of: #/`([a-z_]+_max)`(?: \(([0-9]+)\))?/#)
        #expect(named.count > 8)
        for setting in named {
            let row = settings.split(separator: "\n").first { $0.hasPrefix("| `\(setting.1)` |") }
            #expect(row != nil, "\(setting.1)")
            if let value = setting.2 {
                #expect(row?.contains("| \(value) |") == true, "\(setting.1)")
            }
        }
    }
}
