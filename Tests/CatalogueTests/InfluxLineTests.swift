import Catalogue
import TestSupport
import TimeSeries
import Testing

/// What a body of line protocol gives, taken in pieces of so many bytes.
private func decode(
    _ body: [UInt8], pieces: Int = .max, limits: SampleLimits = SampleLimits(),
    precision: InfluxPrecision = .nanoseconds, metrics: MetricTable = MetricTable()
) -> (found: [Observed], verdicts: SampleVerdicts) {
    var decoder = InfluxLineDecoder(
        limits: limits, metrics: metrics, now: `A sample as JSON`.now, precision: precision)
    var lines = SampleLines()
    var rest: [UInt8] = []
    var body = body[...]
    repeat {
        rest += body.prefix(pieces)
        body = body.dropFirst(pieces)
        let taken = decoder.decode(rest.span, isEnd: body.isEmpty, into: &lines)
        rest.removeFirst(taken)
    } while !body.isEmpty
    #expect(rest.isEmpty)
    return (lines.observed(decoder.verdicts.accepted), decoder.verdicts)
}

private func found(_ body: String, precision: InfluxPrecision = .nanoseconds) -> [String] {
    decode(Array(body.utf8), precision: precision).found.map(\.description)
}

@Suite struct `A line of Influx's protocol` {
    @Test(
        arguments: [
            ("m f=1", ["m.f{} 1 @0"]),
            ("m f=1 1738319400250000000", ["m.f{} 1 @250"]),
            ("m,b=2,a=1 f=1", [#"m.f{"a":"1","b":"2"} 1 @0"#]),
            ("m f=1,g=2.50,h=3i,i=4u", ["m.f{} 1 @0", "m.g{} 2.5 @0", "m.h{} 3 @0", "m.i{} 4 @0"]),
            ("m f=1\r\nm f=2\r\n", ["m.f{} 1 @0", "m.f{} 2 @0"]),
            ("\n\n  \n# comment f=1\n  m f=1\n", ["m.f{} 1 @0"]),
            ("m  f=1  1738319400250000000  ", ["m.f{} 1 @250"]),
            // Strings are passed over.
            (#"m f="x",g=1"#, ["m.g{} 1 @0"]), (#"m f="a,b c=\" \\",g=1"#, ["m.g{} 1 @0"]),
            (#"m f="""#, []), ("m f=\"a\nb g=7\",g=1\nm f=2", ["m.g{} 1 @0", "m.f{} 2 @0"]),
            (#"m f="\",g=1"#, []),
            // Escapes.
            (#"m\,x\ y,t\=a=v\,\ \=z f\ g=1"#, [#"m_x_y.f_g{"t_a":"v, =z"} 1 @0"#]),
            (#"m,t=a\b f=1"#, [#"m.f{"t":"a\\b"} 1 @0"#]),
            (#"m,t=a\\,u=b f=1"#, [#"m.f{"t":"a\\,u=b"} 1 @0"#]),
            (#"m,t=a"b f=1"#, [#"m.f{"t":"a\"b"} 1 @0"#]),
            ("m,t=a=b f=1", [#"m.f{"t":"a=b"} 1 @0"#]),
            ("m,t=é f=1", [#"m.f{"t":"é"} 1 @0"#]),
            // Names.
            ("m€x f%g=1", ["m_x.f_g{} 1 @0"]), ("5m 5f=1", ["_5m.5f{} 1 @0"]),
            ("€ f=1", ["_.f{} 1 @0"]), ("a/b:c-d f.g=1", ["a/b:c-d.f.g{} 1 @0"]),
            ("m,5t=1,a:b=2,é=3 f=1", [#"m.f{"_":"3","_5t":"1","a_b":"2"} 1 @0"#]),
            // Of two tags with one key the later one counts.
            ("m,t=1,a=x,t=2 f=1", [#"m.f{"a":"x","t":"2"} 1 @0"#]),
            ("m,a:b=1,a;b=2 f=1", [#"m.f{"a_b":"2"} 1 @0"#]),
        ])
    func `gives its fields as gauges`(body: String, samples: [String]) {
        #expect(found(body) == samples)
    }

    @Test(
        arguments: [
            ("1", "1"), ("1.0", "1"), ("-1.5", "-1.5"), ("+1.5", "1.5"), (".5", "0.5"),
            ("-.5", "-0.5"), ("7.", "7"), ("007", "7"), ("-00.50", "-0.5"), ("1e3", "1000"),
            ("1E+3", "1000"), ("+.1e-2", "0.001"), ("0", "0"), ("-0", "0"), ("12i", "12"),
            ("-12i", "-12"), ("12u", "12"), ("9223372036854775807i", "9223372036854775807"),
            ("-9223372036854775808i", "-9223372036854775808"),
            ("18446744073709551615u", "18446744073709551615"), ("1e20", "100000000000000000000"),
            ("t", "1"), ("T", "1"), ("true", "1"), ("True", "1"), ("TRUE", "1"), ("f", "0"),
            ("F", "0"), ("false", "0"), ("False", "0"), ("FALSE", "0"), ("1e-400", "0"),
        ])
    func `reads all spellings of a number`(token: String, value: String) {
        #expect(found("m f=\(token)") == ["m.f{} \(value) @0"])
    }

    @Test(
        arguments: [
            ("NaN", .valueNotFinite), ("nan", .valueNotFinite), ("Inf", .valueNotFinite),
            ("-inf", .valueNotFinite), ("+Infinity", .valueNotFinite),
            ("9223372036854775808i", .valueOutOfRange), ("-9223372036854775809i", .valueOutOfRange),
            ("18446744073709551616u", .valueOutOfRange), ("1e21", .valueOutOfRange),
            ("100000000000000000001", .valueOutOfRange), ("1e400", .valueOutOfRange),
            ("i", .invalidField), ("-i", .invalidField), ("-1u", .invalidField),
            ("01i", .invalidField), ("1.5i", .invalidField), ("+1i", .invalidField),
            (".", .invalidField), ("1.2.3", .invalidField), ("1e", .invalidField),
            ("e3", .invalidField), ("0x1", .invalidField), ("--1", .invalidField),
            ("tru", .invalidField), ("tRUE", .invalidField), ("yes", .invalidField),
            ("infinite", .invalidField), ("1\t2", .invalidField), ("é", .invalidField),
        ] as [(String, SampleFault.Code)])
    func `loses a field alone whose number cannot be taken`(token: String, code: SampleFault.Code) {
        let (found, verdicts) = decode(Array("m a=1,f=\(token),b=2".utf8))
        #expect(found.map(\.series) == ["m.a{}", "m.b{}"])
        #expect(verdicts.rejected.map(\.code) == [code])
        #expect(verdicts.rejected.map(\.field) == ["f"])
        #expect(verdicts.rejected.map(\.line) == [1])
    }

    @Test(arguments: [
        "m", "m ", "m f", "m f=", "m =1", ",t=1 f=1", "m, f=1", "m,t f=1", "m,t= f=1", "m,=1 f=1",
        "m,t=1", "m,t=1,f=1", "m f=1,", "m f=1,,g=2", "m f=1 1 1", "m f=1 x=1 5", "m f=\"a\"b",
        "m f=\"a", "=", " =1", "m f g=1", "m,t=1 =1",
    ])
    func `is refused as a whole where it cannot be read`(line: String) {
        let (found, verdicts) = decode(Array("a f=1\n\(line)\nb f=2".utf8))
        #expect(found.map(\.series) == ["a.f{}", "b.f{}"])
        #expect(verdicts.rejected.map(\.code) == [.invalidLine])
        #expect(verdicts.rejected.map(\.line) == [2])
    }

    @Test(
        arguments: [
            ("m f=1 soon", .invalidTimestamp), ("m f=1 1.5", .invalidTimestamp),
            ("m f=1 -", .invalidTimestamp), ("m f=1 g=\"a", .invalidTimestamp),
            ("m f=1 9223372036854775808", .invalidTimestamp),
            ("m f=1 1738320000001000000", .timestampInFuture),
            ("m,\(String(repeating: "k", count: 129))=1 f=1", .fieldTooLong),
            ("m,k=\(String(repeating: "v", count: 257)) f=1", .fieldTooLong),
            ("m,\((0..<17).map { "t\($0)=1" }.joined(separator: ",")) f=1", .tooManyTags),
            ("m \(String(repeating: "f", count: 199))=1", .fieldTooLong),
            ("tokens f=1\ntok f=1\nm f=1 5 5", .invalidLine),
        ] as [(String, SampleFault.Code)])
    func `is refused for its time, tags and names`(line: String, code: SampleFault.Code) {
        #expect(decode(Array(line.utf8)).verdicts.rejected.map(\.code) == [code])
    }

    @Test func `must be UTF-8 in its tags`() {
        let line = Array("m,t=".utf8) + [0xC3, 0x28] + Array(" f=1".utf8)
        #expect(decode(line).verdicts.rejected.map(\.code) == [.invalidField])
        let name = [0xFF, 0xC3] + Array(" f=1".utf8)
        #expect(decode(name).found.map(\.series) == ["__.f{}"])
    }

    @Test func `meets a metric of another kind`() {
        var observer = LineObserver()
        _ = observer.observe(`A line of samples`.gauge(metric: "m.f", kind: "counter"))
        let (found, verdicts) = decode(Array("m f=1,g=2".utf8), metrics: observer.metrics)
        #expect(found.map(\.series) == ["m.g{}"])
        #expect(verdicts.rejected.map(\.code) == [.kindConflict])
    }

    @Test func `counts its strings`() {
        #expect(decode(Array(#"m a="x",b="y",c=1"#.utf8)).verdicts.skippedStrings == 2)
    }

    @Test(
        arguments: [
            ("ns", "1738319400250999999"), ("n", "1738319400250000000"),
            ("us", "1738319400250999"), ("u", "1738319400250000"), ("ms", "1738319400250"),
        ])
    func `has its time in the request's precision`(precision: String, time: String) throws {
        let precision = try #require(InfluxPrecision(name: precision))
        #expect(found("m f=1 \(time)", precision: precision) == ["m.f{} 1 @250"])
    }

    @Test func `has its time in coarse precisions and before 1970`() throws {
        #expect(found("m f=1 1738319401", precision: .seconds) == ["m.f{} 1 @1000"])
        #expect(found("m f=1 28971990", precision: .minutes) == ["m.f{} 1 @0"])
        #expect(found("m f=1 482866", precision: .hours) == ["m.f{} 1 @-1800000"])
        #expect(found("m f=1 -1") == ["m.f{} 1 @\(-1 - SampleLine.start)"])
        #expect(found("m f=1 9223372036854775807", precision: .hours).isEmpty)
        for name in ["", "x", "NS", "d"] { #expect(InfluxPrecision(name: name) == nil) }
    }
}

@Suite struct `A body of Influx's protocol` {
    private static let body = Array(
        """
        # telegraf
        cpu,cpu=cpu0,host=a usage_user=12.5,usage_idle=80i 1738319400000000000
        m text="line one
        line two, \\"quoted\\"",f=1

        bad line=
        m f="never closed, g=2
        m,host=b f=3\r
        last f=4
        """.utf8)

    @Test(arguments: [1, 2, 3, 5, 8, 13, 21, 34, 1_000])
    func `gives the same however it arrives`(pieces: Int) {
        let (found, verdicts) = decode(Self.body, pieces: pieces)
        #expect(
            found.map(\.description) == [
                #"cpu.usage_user{"cpu":"cpu0","host":"a"} 12.5 @0"#,
                #"cpu.usage_idle{"cpu":"cpu0","host":"a"} 80 @0"#, "m.f{} 1 @0",
                #"m.f{"host":"b"} 3 @0"#, "last.f{} 4 @0",
            ])
        #expect(verdicts.rejected.map(\.line) == [6, 7])
        #expect(verdicts.rejected.map(\.code) == [.invalidLine, .invalidLine])
        #expect(verdicts.skippedStrings == 1)
    }

    @Test(arguments: [1, 7, 100, 10_000])
    func `passes over a line that is too long`(pieces: Int) {
        var limits = SampleLimits()
        limits.sampleBytesMax = 100
        let long = String(repeating: "x", count: 1_000)
        for line in ["m,t=\(long) f=1", "m f=\"\(long)", "m f=\"a\n\(long)"] {
            let (found, verdicts) = decode(
                Array("a f=1\n\(line)\nb f=2\n".utf8), pieces: pieces, limits: limits)
            #expect(found.map(\.series) == ["a.f{}", "b.f{}"])
            #expect(verdicts.rejectedCount == (line.contains("\n") ? 2 : 1))
        }
    }

    @Test(arguments: seeds(60, long: 3_000))
    func `never stops a decoder, and gives the same however it arrives`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces: [[UInt8]] = [
            Array("m".utf8), Array("cpu,host=a".utf8), [0x2C], [0x3D], [0x20], [0x0A], [0x22],
            [0x5C], Array("f=1".utf8), Array("\"a\"".utf8), [0xC3], Array("é".utf8), [0x0D], [0x23],
            Array("t=1i".utf8), [0], Array(" 5\n".utf8),
        ]
        let body = (0..<120).flatMap { _ in random.pick(pieces) }
        let whole = decode(body)
        let parts = decode(body, pieces: Int.random(in: 1...20, using: &random))
        #expect(whole.found == parts.found)
        #expect(whole.verdicts == parts.verdicts)
    }
}
