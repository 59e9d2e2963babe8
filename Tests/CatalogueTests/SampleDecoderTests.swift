import Catalogue
import TimeSeries
import Testing

@Suite struct `A sample as JSON` {
    static let now = Timestamp(milliseconds: SampleLine.start)

    /// What a body gives: the observations, by a new observer, and the verdicts.
    static func decode(
        _ body: String, limits: SampleLimits = SampleLimits(), metrics: MetricTable = MetricTable()
    ) throws(SampleFault) -> (found: [Observed], verdicts: SampleVerdicts) {
        var decoder = SampleDecoder(limits: limits, metrics: metrics, now: now)
        var lines = SampleLines()
        let bytes = Array(body.utf8)
        try decoder.decode(body: bytes.span, into: &lines)
        return (lines.observed(decoder.verdicts.accepted), decoder.verdicts)
    }

    private static func fault(_ body: String, limits: SampleLimits = SampleLimits()) -> String? {
        let fault = try? decode(body, limits: limits).verdicts.rejected.first
        return fault.map { "\($0.code.rawValue) \($0.field ?? "-")" }
    }

    @Test func `becomes an observation`() throws {
        let (found, verdicts) = try Self.decode(
            #"""
            { "metric" : "queue.depth", "value": 3.50, "kind":"gauge", "unit":"1",
              "tags":{"host":"a\u0062","app":"é\n","none":""}, "timestamp":1738319400250 }
            """#)
        #expect(
            found == [Observed(#"queue.depth{"app":"é\n","host":"ab"}"#, "3.5", at: 250)])
        #expect(verdicts.accepted == 1)
        #expect(verdicts.rejectedCount == 0)
    }

    @Test(
        arguments: [
            ("", 0), (#","timestamp":null"#, 0), (#","timestamp":1738319400007"#, 7),
            (#","timestamp":1738319400007.9"#, 7),
            (#","timestamp":"2025-01-31T11:30:00.5+01:00""#, 500),
            (#","timestamp":-1"#, -1 - SampleLine.start), (#","timestamp":1738320000000"#, 600_000),
        ])
    func `has its own time, or now`(timestamp: String, time: Int64) throws {
        let body = #"{"metric":"m","kind":"gauge","value":1\#(timestamp)}"#
        #expect(try Self.decode(body).found.map(\.time) == [time])
    }

    @Test(
        arguments: [
            (#"{"value":1,"kind":"gauge"}"#, "missing_field metric"),
            (#"{"metric":"m","kind":"gauge"}"#, "missing_field value"),
            (#"{"metric":"m","value":1}"#, "missing_field kind"),
            (#"{"metric":"m","value":1,"kind":"sum"}"#, "invalid_field kind"),
            (#"{"metric":"m","value":1,"kind":7}"#, "invalid_field kind"),
            (#"{"metric":"1m","value":1,"kind":"gauge"}"#, "invalid_field metric"),
            (#"{"metric":"","value":1,"kind":"gauge"}"#, "invalid_field metric"),
            (#"{"metric":"é","value":1,"kind":"gauge"}"#, "invalid_field metric"),
            (#"{"metric":5,"value":1,"kind":"gauge"}"#, "invalid_field metric"),
            (#"{"metric":"m","value":"1","kind":"gauge"}"#, "invalid_field value"),
            (#"{"metric":"m","value":true,"kind":"gauge"}"#, "invalid_field value"),
            (#"{"metric":"m","value":null,"kind":"gauge"}"#, "value_not_finite value"),
            (#"{"metric":"m","value":"NaN","kind":"gauge"}"#, "value_not_finite value"),
            (#"{"metric":"m","value":"-Infinity","kind":"gauge"}"#, "value_not_finite value"),
            (#"{"metric":"m","value":1e400,"kind":"gauge"}"#, "value_out_of_range value"),
            (
                #"{"metric":"m","value":-100000000000000000001,"kind":"gauge"}"#,
                "value_out_of_range value"
            ),
            (#"{"metric":"m","value":-1,"kind":"counter"}"#, "invalid_field value"),
            (
                #"{"metric":"m","value":1,"kind":"gauge","temporality":"cumulative"}"#,
                "invalid_field temporality"
            ),
            (
                #"{"metric":"m","value":1,"kind":"counter","temporality":"x"}"#,
                "invalid_field temporality"
            ),
            (#"{"metric":"m","value":1,"kind":"gauge","unit":"é"}"#, "invalid_field unit"),
            (#"{"metric":"m","value":1,"kind":"gauge","unit":1}"#, "invalid_field unit"),
            (#"{"metric":"m","value":1,"kind":"gauge","tags":[]}"#, "invalid_field tags"),
            (#"{"metric":"m","value":1,"kind":"gauge","tags":null}"#, "invalid_field tags"),
            (#"{"metric":"m","value":1,"kind":"gauge","tags":{"a":1}}"#, "invalid_field tags.a"),
            (
                #"{"metric":"m","value":1,"kind":"gauge","tags":{"a":"\ud800"}}"#,
                "invalid_field tags.a"
            ),
            (#"{"metric":"m","value":1,"kind":"gauge","tags":{"a b":"1"}}"#, "invalid_field tags"),
            (
                #"{"metric":"m","value":1,"kind":"gauge","tags":{"a":"1","\u0061":"2"}}"#,
                "duplicate_field tags"
            ),
            (
                #"{"metric":"m","value":1,"kind":"gauge","timestamp":"soon"}"#,
                "invalid_timestamp timestamp"
            ),
            (
                #"{"metric":"m","value":1,"kind":"gauge","timestamp":1e12}"#,
                "invalid_timestamp timestamp"
            ),
            (
                #"{"metric":"m","value":1,"kind":"gauge","timestamp":1738320000001}"#,
                "timestamp_in_future timestamp"
            ),
            (#"{"metric":"m","value":1,"kind":"gauge","name":"x"}"#, "unknown_field name"),
            (#"{"metric":"m","value":1,"kind":"gauge","a b":"x"}"#, "unknown_field -"),
            (#"{"metric":"m","value":1,"kind":"gauge","\u006eame":"x"}"#, "unknown_field name"),
            (#"{"metric":"m","value":1,"kind":"gauge","valu\u0065":2}"#, "duplicate_field value"),
            (#"{"metric":"tokens","value":1,"kind":"gauge"}"#, "kind_conflict kind"),
            ("7", "not_an_object -"), (#""m""#, "not_an_object -"),
        ])
    func `is refused by its field and reason`(body: String, fault: String) {
        #expect(Self.fault(body) == fault)
    }

    @Test func `is refused beyond a limit`() {
        func sample(_ tags: String, _ metric: String = "m") -> String {
            #"{"metric":"\#(metric)","value":1,"kind":"gauge","tags":{\#(tags)}}"#
        }
        let many = (0..<17).map { #""t\#($0)":"""# }.joined(separator: ",")
        #expect(Self.fault(sample(many)) == "too_many_tags tags")
        let long = String(repeating: "é", count: 128)
        #expect(Self.fault(sample(#""t":"\#(long)""#)) == nil)
        #expect(Self.fault(sample(#""t":"\#(long)x""#)) == "field_too_long tags.t")
        #expect(
            Self.fault(sample(#""\#(String(repeating: "k", count: 129))":"""#))
                == "invalid_field tags")
        #expect(Self.fault(sample("", String(repeating: "m", count: 200))) == nil)
        #expect(
            Self.fault(sample("", String(repeating: "m", count: 201))) == "invalid_field metric")
        var limits = SampleLimits()
        limits.sampleBytesMax = 50
        #expect(Self.fault(sample(""), limits: limits) == nil)
        #expect(Self.fault(sample(#""a":"1""#), limits: limits) == "line_too_long -")
        limits = SampleLimits()
        limits.metricsMax = BuiltinMetric.allCases.count + 1
        #expect(Self.fault("[\(sample("")),\(sample(""))]", limits: limits) == nil)
        #expect(
            Self.fault("[\(sample("")),\(sample("", "n"))]", limits: limits)
                == "too_many_metrics metric")
    }

    @Test func `needs no kind where the metric is known`() throws {
        #expect(try Self.decode(#"{"metric":"tokens","value":1}"#).verdicts.accepted == 1)
        let body =
            #"[{"metric":"m","value":1,"kind":"gauge"},{"metric":"m","value":2},"#
            + #"{"metric":"m","value":3,"kind":"counter"}]"#
        let (found, verdicts) = try Self.decode(body)
        #expect(found.map(\.value) == ["1", "2"])
        #expect(verdicts.rejected.map(\.index) == [2])
        #expect(verdicts.rejected.map(\.code) == [.kindConflict])
    }

    @Test func `of an array has a verdict of its own`() throws {
        let good = #"{"metric":"m","value":1,"kind":"gauge"}"#
        let (found, verdicts) = try Self.decode("[ \(good), 5, \(good), {\"x\":1} ,[]]")
        #expect(found.count == 2)
        #expect(verdicts.accepted == 2)
        #expect(verdicts.rejected.map(\.index) == [1, 3, 4])
        #expect(verdicts.rejected.map(\.line) == [nil, nil, nil])
        #expect(try Self.decode("[]").verdicts == SampleVerdicts())
    }

    @Test func `is listed among the refused up to a limit`() throws {
        let many = Array(repeating: "1", count: 150).joined(separator: ",")
        let verdicts = try Self.decode("[\(many)]").verdicts
        #expect(verdicts.rejectedCount == 150)
        #expect(verdicts.rejected.count == SampleVerdicts.rejectedListedMax)
    }

    @Test(arguments: [
        "", " ", "{", "[", #"{"metric":"m"},{}"#, #"[{"metric":"m"}"#, "[1,]", "nul", "\u{FEFF}{}",
        #"{"value":NaN}"#, #"{"a":"\#u{01}"}"#,
    ])
    func `is refused with its body where that is no JSON`(body: String) {
        let fault = #expect(throws: SampleFault.self) { try Self.decode(body) }
        #expect(fault?.code == .invalidJSON)
    }

    @Test func `never has what it says quoted`() throws {
        let secret = "hunter2"
        for body in [
            #"{"metric":"\#(secret) ","value":1,"kind":"gauge"}"#,
            #"{"metric":"m","value":"\#(secret)","kind":"gauge"}"#,
            #"{"metric":"m","value":1,"kind":"\#(secret)"}"#,
            #"{"metric":"m","value":1,"kind":"gauge","unit":"\#(secret)é"}"#,
            #"{"metric":"m","value":1,"kind":"gauge","tags":{"a":["\#(secret)"]}}"#,
            #"{"metric":"m","value":1,"kind":"gauge","timestamp":"\#(secret)"}"#,
        ] {
            let fault = try #require(try Self.decode(body).verdicts.rejected.first)
            #expect(!fault.message.contains(secret))
        }
    }
}

@Suite struct `Samples as NDJSON` {
    private static func decode(
        _ body: String, pieces: Int = .max, limits: SampleLimits = SampleLimits()
    ) -> (found: [Observed], verdicts: SampleVerdicts) {
        var decoder = SampleDecoder(
            limits: limits, metrics: MetricTable(), now: `A sample as JSON`.now)
        var lines = SampleLines()
        var rest: [UInt8] = []
        var body = Array(body.utf8)[...]
        repeat {
            rest += body.prefix(pieces)
            body = body.dropFirst(pieces)
            let taken = decoder.decode(ndjson: rest.span, isEnd: body.isEmpty, into: &lines)
            rest.removeFirst(taken)
        } while !body.isEmpty
        #expect(rest.isEmpty)
        return (lines.observed(decoder.verdicts.accepted), decoder.verdicts)
    }

    private static let good = #"{"metric":"m","value":1,"kind":"gauge"}"#

    @Test(arguments: [1, 3, 7, 1_000])
    func `are taken line by line, however they arrive`(pieces: Int) {
        let body = "\(Self.good)\n\n \t\r\n\(Self.good)\r\n{\"x\n[1]\n\(Self.good)"
        let (found, verdicts) = Self.decode(body, pieces: pieces)
        #expect(found.count == 3)
        #expect(verdicts.rejected.map(\.line) == [5, 6])
        #expect(verdicts.rejected.map(\.index) == [2, 3])
        #expect(verdicts.rejected.map(\.code) == [.invalidJSON, .notAnObject])
    }

    @Test(arguments: [1, 10, 1_000])
    func `are passed over where a line is too long`(pieces: Int) {
        var limits = SampleLimits()
        limits.sampleBytesMax = 60
        let long = String(repeating: "x", count: 200)
        let (found, verdicts) = Self.decode(
            "\(Self.good)\n{\"metric\":\"\(long)\"}\n\(Self.good)\n", pieces: pieces, limits: limits
        )
        #expect(found.count == 2)
        #expect(verdicts.rejected.map(\.code) == [.lineTooLong])
        #expect(verdicts.rejected.map(\.line) == [2])
    }
}

extension SampleLines {
    /// What a new observer takes from the lines, which must be all of them.
    func observed(_ accepted: Int) -> [Observed] {
        var observer = LineObserver()
        let found = texts().flatMap { observer.observe($0) }
        #expect(found.count == accepted && sampleCount == accepted)
        #expect(observer.omissions.total == 0)
        #expect(texts().allSatisfy { $0.hasSuffix("]}]}\n") && !$0.dropLast().contains("\n") })
        return found
    }
}
