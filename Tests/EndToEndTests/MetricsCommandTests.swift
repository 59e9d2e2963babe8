import ServerSupport
import Testing

@Suite(.server()) struct `The metrics command` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
        try server.storeFixedSeries()
    }

    private func metrics(_ arguments: String...) throws -> CommandRun {
        try CommandRun(["metrics"] + arguments, environment: ["TIDEMARK_URL": server.url])
    }

    @Test func `lists names, kinds, units, series and tags`() throws {
        let run = try metrics("test.*")
        #expect(run.status == 0 && run.errors == "")
        #expect(
            run.output == """
                METRIC      KIND          UNIT  SERIES  TAGS      WHAT IT IS
                test.depth  gauge         1     2       host(2)
                test.jobs   counter       1     1       queue(1)
                test.time   distribution  ms    2       tool(2)

                """)
    }

    @Test func `says what a metric of Tidemark's own is`() throws {
        try server.store(SampleEvent("app"))
        let run = try metrics("events")
        #expect(
            run.output == """
                METRIC  KIND     UNIT  SERIES  TAGS                   WHAT IT IS
                events  counter  1     1       source_app(1) type(1)  Events taken into the log.

                """)
    }

    @Test func `lists all of them where no name is given`() throws {
        let names = try metrics().output.split(separator: "\n").dropFirst()
            .map { String($0.prefix { $0 != " " }) }
        #expect(names == names.sorted() && Set(names).isSuperset(of: ["test.depth", "test.time"]))
    }

    @Test func `hands JSON on as the server gives it`() throws {
        let run = try metrics("--format", "json")
        #expect(run.output.hasPrefix("{\"metrics\":[{\"name\":\"") && run.output.hasSuffix("]}\n"))
    }

    @Test func `says that a name is none, and exits with 1`() throws {
        let run = try metrics("test.jbos")
        #expect(run.status == 1 && run.output == "")
        #expect(run.errors.hasPrefix("error: there is no metric test.jbos\nhint: did you mean "))
    }

    @Test(arguments: [["x", "--format", "json"], ["--format", "csv"], ["--url", "x"]])
    func `says what it was told wrongly, and exits with 2`(arguments: [String]) throws {
        let run = try CommandRun(["metrics"] + arguments)
        #expect(run.status == 2 && run.output == "")
        #expect(run.errors.hasPrefix("error: "))
    }
}
