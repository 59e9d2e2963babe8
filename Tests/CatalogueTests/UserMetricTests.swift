import Catalogue
import TimeSeries
import Testing

private func path(_ text: String) -> DataPath {
    guard let path = DataPath(text) else { preconditionFailure("not a path: \(text)") }
    return path
}

@Suite struct `A user's entry` {
    private static func found(
        _ metrics: UserMetric..., data: String, type: String = #""Query""#,
        app: String = #""web""#, agentID: String? = nil
    ) -> [Observed] {
        var observer = LineObserver()
        _ = observer.observe(UserCatalogue(metrics: metrics).line())
        var line = SampleLine(type: type, sourceApp: app, data: data)
        line.agentID = agentID
        return Array(observer.observe(line.text).dropFirst(2))
    }

    private static func entry(
        _ value: UserMetric.Value, kind: MetricKind = .distribution,
        scale: QuantityScale = .millionths, app: String? = nil, tags: [UserMetric.Tag] = []
    ) -> UserMetric {
        UserMetric(
            name: "q", kind: kind, unit: "1", scale: scale, help: "",
            source: .init(type: "Query", sourceApp: app, value: value, tags: tags))
    }

    @Test func `counts events of its type, and of its app where it names one`() {
        let one = Self.entry(.one, kind: .counter)
        #expect(Self.found(one, data: "[]") == [Observed("q{}", "1")])
        #expect(Self.found(one, data: "[]", type: #""Other""#).isEmpty)
        #expect(Self.found(one, data: "{}", type: #""Qu\u0065ry""#) == [Observed("q{}", "1")])
        let ofApp = Self.entry(.one, kind: .counter, app: "web")
        #expect(Self.found(ofApp, data: "{}").count == 1)
        #expect(Self.found(ofApp, data: "{}", app: #""w\u0065b""#).count == 1)
        #expect(Self.found(ofApp, data: "{}", app: #""webs""#).isEmpty)
    }

    @Test(
        arguments: [
            (#"{"a":{"b":2.5}}"#, "2.5"), (#"{"x":[{"a":1}],"a":{"c":{},"b":-1}}"#, "-1"),
            (#"{"\u0061":{"b":7}}"#, "7"), (#"{"a":{"b":1},"a":{"b":2}}"#, "1"),
            (#"{"a":{"b":1,"b":3}}"#, "1"), (#"{"a":{},"a":{"b":2}}"#, "2"),
            (#"{"a":{"b":null}}"#, nil), (#"{"a":{}}"#, nil),
            (#"{"a":5}"#, nil), (#"{"a":{"b":1},"a":5}"#, "1"), (#"{"a":{"b":"1"}}"#, nil),
            (#"{"a.b":1}"#, nil), ("[]", nil), ("7", nil),
        ] as [(String, String?)])
    func `takes the number at its path`(data: String, value: String?) {
        let found = Self.found(Self.entry(.number(path("a.b"))), data: data)
        #expect(found.map(\.value) == (value.map { [$0] } ?? []))
    }

    @Test(
        arguments: [
            (#"{"a":[1,[2,3],{}]}"#, "3"), (#"{"a":[]}"#, "0"), (#"{"a":{"x":1,"y":{}}}"#, "2"),
            (#"{"a":"text"}"#, "1"), (#"{"a":false}"#, "1"), (#"{"a":null}"#, nil), ("{}", nil),
        ] as [(String, String?)])
    func `takes the size of what is at its path`(data: String, value: String?) {
        let found = Self.found(Self.entry(.size(path("a"))), data: data)
        #expect(found.map(\.value) == (value.map { [$0] } ?? []))
    }

    @Test func `names its tags from the envelope and from data`() {
        let tags: [UserMetric.Tag] = [
            .init("z", from: .data(path("a.b"))), .init("type", from: .type),
            .init("app", from: .sourceApp), .init("agent", from: .agentID),
            .init("session", from: .sessionID), .init("n", from: .data(path("n"))),
        ]
        let entry = Self.entry(.one, kind: .counter, tags: tags)
        #expect(
            Self.found(entry, data: #"{"a":{"b":"x\u0079"},"n":1.50}"#, agentID: #""a1""#).map(
                \.series)
                == [
                    #"q{"agent":"a1","app":"web","n":"1.50","session":"s1","type":"Query","z":"xy"}"#
                ])
        #expect(
            Self.found(entry, data: #"{"a":{"b":[]},"n":null}"#).map(\.series)
                == [#"q{"app":"web","session":"s1","type":"Query"}"#])
        #expect(
            Self.found(entry, data: #"{"a":{"b":""},"n":true}"#).map(\.series)
                == [#"q{"app":"web","n":"true","session":"s1","type":"Query"}"#])
    }

    @Test func `may look at paths within one another`() {
        let found = Self.found(
            Self.entry(.size(path("a"))), Self.entry(.number(path("a.b"))),
            Self.entry(.number(path("a.c.d"))), Self.entry(.number(path("a.c"))),
            Self.entry(.number(path("a.b"))), data: #"{"x":{"a":9},"a":{"c":{"d":3},"b":2,"e":[]}}"#
        )
        #expect(found.map(\.value) == ["3", "2", "3", "2"])
    }

    @Test func `may be finer than a millionth`() {
        let entry = Self.entry(.number(path("n")), scale: .billionths)
        #expect(Self.found(entry, data: #"{"n":0.0000000014}"#).map(\.value) == ["0.000000001"])
        #expect(
            Self.found(Self.entry(.size(path("n")), scale: .billionths), data: #"{"n":[1]}"#).map(
                \.value) == ["1"])
        #expect(Self.found(Self.entry(.one, scale: .billionths), data: "{}").map(\.value) == ["1"])
    }

    @Test func `of a counter takes no negative number`() {
        #expect(
            Self.found(Self.entry(.number(path("n")), kind: .counter), data: #"{"n":-1}"#).isEmpty)
    }

    @Test func `can read a tool's events beside Tidemark itself`() {
        var observer = LineObserver()
        let entry = UserMetric(
            name: "bash.output", kind: .distribution,
            source: .init(
                type: "PostToolUse", value: .size(path("tool_response")),
                tags: [.init("tool", from: .data(path("tool_name")))]))
        _ = observer.observe(UserCatalogue(metrics: [entry]).line())
        let found = observer.observe(SampleLine.tool("PostToolUse", duration: "5").text)
        #expect(found.count == 5)
        #expect(found.last == Observed(#"bash.output{"tool":"Bash"}"#, "1"))
    }
}

@Suite struct `A catalogue` {
    static let full = UserCatalogue(metrics: [
        UserMetric(
            name: "queries", kind: .counter, unit: "1", help: "Queries \"sent\".",
            source: .init(
                type: "Data\nbase", sourceApp: "web", value: .one,
                tags: [
                    .init("table", from: .data(path("a.b"))), .init("a", from: .sourceApp),
                    .init("b", from: .type), .init("c", from: .sessionID),
                    .init("d", from: .agentID),
                ])),
        UserMetric(
            name: "rows", kind: .distribution, scale: .billionths,
            source: .init(type: "X", value: .size(path("rows")))),
        UserMetric(
            name: "time", kind: .gauge, unit: "s",
            source: .init(type: "X", value: .number(path("é.t")))),
        UserMetric(name: "declared", kind: .gauge, unit: "By", help: "é"),
    ])

    @Test func `comes back from its JSON`() {
        let json = Self.full.json
        #expect(UserCatalogue(json: json.span) == Self.full)
        #expect(UserCatalogue(json: UserCatalogue().json.span) == UserCatalogue())
        #expect(Self.full.faults().isEmpty)
    }

    @Test func `has a line of these bytes`() {
        let catalogue = UserCatalogue(metrics: [
            UserMetric(
                name: "q", kind: .counter, unit: "1",
                source: .init(
                    type: "T", value: .number(path("a.b")), tags: [.init("t", from: .type)]))
        ])
        #expect(
            catalogue.line(id: 9)
                == #"{"id":9,"kind":"catalogue","server_timestamp":"2025-01-31T10:30:00.000Z","#
                + #""digest":"\#(catalogue.digest)","catalogue":{"format":1,"metrics":["#
                + #"{"name":"q","kind":"counter","unit":"1","scale":6,"help":"","source":{"type":"T","#
                + #""value":{"number":["a","b"]},"tags":[{"key":"t","from":"type"}]}}]}}"# + "\n")
        #expect(catalogue.digest == "7684f9f2b422e096d9f1268eed8766f8")
    }

    @Test func `is told from another by its digest`() {
        var other = Self.full
        #expect(other.digest == Self.full.digest)
        other.metrics[0].help = "Queries."
        #expect(other.digest != Self.full.digest)
        #expect(other.digest.utf8.count == 32)
    }

    @Test func `holds from its line on, until the next`() {
        var observer = LineObserver()
        let event = SampleLine(type: #""T""#).text
        let entry = UserMetric(name: "q", kind: .counter, source: .init(type: "T", value: .one))
        #expect(observer.observe(event).count == 2)
        #expect(observer.observe(UserCatalogue(metrics: [entry]).line()).isEmpty)
        #expect(observer.catalogue.metrics == [entry])
        #expect(observer.observe(event).count == 3)
        _ = observer.observe(UserCatalogue().line())
        #expect(observer.observe(event).count == 2)
        #expect(observer.metrics.id(of: "q") != nil)
        #expect(observer.omissions.total == 0)
    }

    @Test func `cannot change what a metric is`() {
        var observer = LineObserver()
        _ = observer.observe(`A line of samples`.gauge(metric: "q"))
        let event = SampleLine(type: #""T""#).text
        let source = UserMetric.Source(type: "T", value: .one)
        for (metric, count) in [
            (UserMetric(name: "q", kind: .counter, source: source), 2),
            (UserMetric(name: "q", kind: .gauge, scale: .billionths, source: source), 2),
            (UserMetric(name: "q", kind: .gauge, source: source), 3),
            (UserMetric(name: "events", kind: .counter, source: source), 2),
        ] {
            _ = observer.observe(UserCatalogue(metrics: [metric]).line())
            #expect(observer.observe(event).count == count)
        }
        #expect(observer.omissions[.kindConflict] == 3)
    }

    @Test(arguments: [
        "", "{}", "null", #"{"format":2,"metrics":[]}"#, #"{"format":1,"metrics":[{}]}"#,
        #"{"format":1,"metrics":{}}"#, #"{"format":1,"metrics":[]}x"#,
        #"{"format":1,"metrics":[{"name":"a","kind":"x","unit":"","scale":6,"help":""}]}"#,
        #"{"format":1,"metrics":[{"name":"a","kind":"gauge","unit":"","scale":99,"help":""}]}"#,
        #"{"format":1,"metrics":[{"name":"a","kind":"gauge","unit":"","scale":6,"help":"","source":1}]}"#,
    ])
    func `of another form changes nothing`(json: String) {
        #expect(UserCatalogue(json: Array(json.utf8).span) == nil)
        var observer = LineObserver()
        _ = observer.observe(Self.full.line())
        let line =
            #"{"id":9,"kind":"catalogue","server_timestamp":"2025-01-31T10:30:00.000Z","#
            + #""digest":"","catalogue":\#(json)}"#
        #expect(observer.observe(line).isEmpty)
        #expect(observer.catalogue == Self.full)
        #expect(observer.omissions[.malformedCatalogue] == 1)
    }

    @Test func `says all that is wrong with its entries`() {
        let source = UserMetric.Source(
            type: "", sourceApp: "", value: .one,
            tags: [.init("a b", from: .type), .init("c", from: .type), .init("c", from: .type)])
        let catalogue = UserCatalogue(metrics: [
            UserMetric(name: "1a", kind: .gauge, unit: "é", source: source),
            UserMetric(name: "events", kind: .counter),
            UserMetric(name: "x", kind: .gauge), UserMetric(name: "x", kind: .counter),
        ])
        #expect(
            catalogue.faults().map { "\($0.index) \($0.field)" } == [
                "0 name", "0 unit", "0 type", "0 source_app", "0 tags", "0 tags", "1 name",
                "3 name",
            ])
        let many = UserCatalogue(
            metrics: (0...1_000).map { UserMetric(name: "x\($0)", kind: .gauge) })
        #expect(many.faults().map { "\($0.index) \($0.field)" } == ["1000 metrics"])
        let twice = UserCatalogue(
            metrics: Array(repeating: UserMetric(name: "x", kind: .gauge), count: 2))
        #expect(twice.faults().map { "\($0.index) \($0.field)" } == ["1 name"])
    }
}

@Suite struct `A path into data` {
    @Test func `is keys with dots between`() {
        #expect(DataPath("a.b")?.keys == ["a", "b"])
        #expect(DataPath("a")?.keys == ["a"])
        for text in ["", ".", "a.", ".a", "a..b", "a.b.c.d.e.f.g.h.i"] {
            #expect(DataPath(text) == nil)
        }
        #expect(DataPath(keys: ["a.b", ""])?.keys == ["a.b", ""])
        #expect(DataPath(keys: []) == nil)
    }
}
