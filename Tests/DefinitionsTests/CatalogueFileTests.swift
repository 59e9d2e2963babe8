import Catalogue
import Definitions
import Testing
import TimeSeries

@Suite struct `A file of one's own metrics` {
    private static func metrics(_ text: String) throws -> [UserMetric] {
        try CatalogueFile.catalogue(text, file: "c.yaml").metrics
    }

    private static func faults(_ text: String) -> [String] {
        do throws(DefinitionFaults) {
            _ = try CatalogueFile.catalogue(text, file: "c.yaml")
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    private static func path(_ keys: String...) throws -> DataPath {
        try #require(DataPath(keys: keys))
    }

    @Test func `says what to count, and by which tags`() throws {
        let metrics = try Self.metrics(
            """
            metrics:
              - name: queries
                kind: counter
                unit: "1"
                help: Queries that were sent.
                type: DatabaseQuery
                source_app: web
                tags: {table: data.table, of: type, app: source_app, s: session_id, a: agent_id}
              - name: query.time
                kind: distribution
                unit: ms
                digits: 9
                type: DatabaseQuery
                number: data.timing.total
              - name: rows
                kind: counter
                type: DatabaseQuery
                size: [data, "result.rows"]
              - {name: queue.depth, kind: gauge}
            """)
        let queries = UserMetric(
            name: "queries", kind: .counter, unit: "1", help: "Queries that were sent.",
            source: .init(
                type: "DatabaseQuery", sourceApp: "web", value: .one,
                tags: [
                    .init("table", from: .data(try Self.path("table"))), .init("of", from: .type),
                    .init("app", from: .sourceApp), .init("s", from: .sessionID),
                    .init("a", from: .agentID),
                ]))
        let time = UserMetric(
            name: "query.time", kind: .distribution, unit: "ms", scale: .billionths,
            source: .init(type: "DatabaseQuery", value: .number(try Self.path("timing", "total"))))
        let rows = UserMetric(
            name: "rows", kind: .counter,
            source: .init(type: "DatabaseQuery", value: .size(try Self.path("result.rows"))))
        #expect(
            metrics == [queries, time, rows, UserMetric(name: "queue.depth", kind: .gauge)])
    }

    @Test(arguments: ["", "# nothing", "{}", "metrics: []", "metrics:\n# - name: a\n"])
    func `may have none`(text: String) throws {
        #expect(try Self.metrics(text) == [])
    }

    @Test(arguments: [
        ("metric: []", ["1: unknown key metric; there is metrics"]),
        ("metrics: {a: 1}", ["1: metrics must be a list"]),
        ("metrics: [5]", ["1: must be a mapping of keys to values", "1: name must be a text"]),
        ("metrics:\n- kind: counter", ["2: name must be a text"]),
        ("metrics:\n- name: a\n  kind: total", ["3: kind must be counter, gauge or distribution"]),
        ("metrics:\n- name: a\n  kind: gauge\n  unti: s", ["4: unknown key unti"]),
        (
            "metrics:\n- {name: a, kind: gauge, digits: 5}",
            ["2: digits must be a number from 6 to 9"]
        ),
        (
            "metrics:\n- name: a\n  kind: gauge\n  number: data.x\n  tags: {}",
            [
                "4: number needs a type: which events are meant",
                "5: tags needs a type: which events are meant",
            ]
        ),
        ("metrics:\n- {name: a, kind: counter, type: [x]}", ["2: type must be a text"]),
        (
            "metrics:\n- {name: a, kind: counter, type: x, source_app: {}}",
            ["2: source_app must be a text"]
        ),
        (
            "metrics:\n- {name: a, kind: counter, type: x, number: x.y}",
            ["2: number must be a path: data.…"]
        ),
        (
            "metrics:\n- {name: a, kind: counter, type: x, size: data}",
            ["2: size must be a path: data.…"]
        ),
        (
            "metrics:\n- {name: a, kind: counter, type: x, number: data..y}",
            ["2: number must be a path: data.…"]
        ),
        (
            "metrics:\n- {name: a, kind: counter, type: x, number: data.1.2.3.4.5.6.7.8.9}",
            ["2: number must be a path: data.…"]
        ),
        (
            "metrics:\n- {name: a, kind: counter, type: x, number: data.x, size: data.y}",
            ["2: an entry has number or size, not both"]
        ),
        (
            "metrics:\n- name: a\n  kind: counter\n  type: x\n  tags:\n    t: session",
            ["6: tag t must be type, source_app, session_id, agent_id or a path: data.…"]
        ),
        ("metrics:\n- {name: a, kind: gauge, name: b}", ["2: given twice: name"]),
        (
            "metrics:\n- kind: gauge\n  name: 9a",
            [
                "3: name must be a letter or _, then letters, digits and _ . : / -, "
                    + "at most 200 bytes"
            ]
        ),
        (
            "metrics:\n- {name: tool.duration, kind: distribution}",
            ["2: name is one of Tidemark's own metrics"]
        ),
        (
            "metrics:\n- {name: a, kind: gauge}\n- {name: a, kind: counter}",
            ["3: name has another kind, unit or scale above"]
        ),
        ("metrics:\n- {name: a, kind: counter, type: ''}", ["2: type must not be empty"]),
        ("metrics:\n- {name: a, kind: counter, type: ~}", ["2: type must be a text"]),
        ("metrics:\n- {name: a, kind: gauge, type: x}", ["2: a gauge needs number or size"]),
        (
            "metrics:\n- {name: a, kind: counter, type: x}\n- {name: a, kind: counter, type: x}",
            ["3: name has the same entry above"]
        ),
        (
            "metrics:\n- {name: a, kind: gauge, unit: \"é\"}",
            ["2: unit must be short and printable ASCII"]
        ),
    ])
    func `is told its faults with their lines`(text: String, faults: [String]) {
        #expect(Self.faults(text) == faults.map { "c.yaml:" + $0 })
    }

    @Test func `has at most so many metrics`() {
        let entries = (0...UserCatalogue.metricsMax).map { "- {name: m\($0), kind: gauge}\n" }
        #expect(
            Self.faults("metrics:\n" + entries.joined())
                == ["c.yaml:1002: metrics more than \(UserCatalogue.metricsMax)"])
    }

    @Test func `has at most so many bytes`() {
        let help = String(repeating: "h", count: 2_000)
        let entries = (0..<600).map { "- {name: m\($0), kind: gauge, help: *h}\n" }
        let text = "metrics:\n- {name: a, kind: gauge, help: &h \(help)}\n" + entries.joined()
        #expect(
            Self.faults(text) == ["c.yaml: metrics are longer than 1048576 bytes together"])
    }

    /// Each level has ten of the level below: a few lines would fill all memory if they were copied out.
    @Test func `may name parts of itself without growing`() {
        var text = "a0: &a0 [x]\n"
        for level in 1..<20 {
            let parts = repeatElement("*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(parts)]\n"
        }
        #expect(!Self.faults(text + "metrics: *a19\n").isEmpty)
    }
}
