import TimeSeries
import Testing

@Suite struct `A filter on events` {
    private static func matches(_ sample: SampleLine = .full, _ change: (inout EventFilter) -> Void)
        -> Bool
    {
        var filter = EventFilter()
        change(&filter)
        return EventLineTests.matches(filter, Array(sample.text.utf8))
    }

    typealias Field = any WritableKeyPath<EventFilter, [String]> & Sendable
    private static let fields: [(Field, String)] = [
        (\EventFilter.sessionIDs, "sess_abc123"), (\.sourceApps, "backend-api"),
        (\.types, "PreToolUse"), (\.agentIDs, "agent_001"),
    ]

    @Test func `takes everything where it asks for nothing`() {
        #expect(Self.matches { _ in })
        #expect(Self.matches(SampleLine()) { _ in })
    }

    @Test(arguments: fields)
    func `compares a field as a whole`(field: Field, value: String) {
        #expect(Self.matches { $0[keyPath: field] = [value] })
        for wrong in [
            "", String(value.dropLast()), String(value.dropFirst()), value + "x", "x" + value,
            value.uppercased(), "\"\(value)\"", value + "\"", value + "\u{0}", " " + value,
        ] {
            #expect(!Self.matches { $0[keyPath: field] = [wrong] }, "\(wrong)")
        }
    }

    @Test(arguments: fields)
    func `takes any of several values`(field: Field, value: String) {
        #expect(Self.matches { $0[keyPath: field] = ["x", value] })
        #expect(Self.matches { $0[keyPath: field] = [value, "x"] })
        #expect(!Self.matches { $0[keyPath: field] = ["x", "y"] })
    }

    @Test(arguments: fields, fields)
    func `needs all of its conditions`(one: (Field, String), other: (Field, String)) {
        #expect(
            Self.matches {
                $0[keyPath: one.0] = [one.1]
                $0[keyPath: other.0] = [other.1]
            })
        #expect(
            !Self.matches {
                $0[keyPath: one.0] = [one.1]
                $0[keyPath: other.0] = ["x"]
            })
    }

    @Test func `finds no agent where there is none`() {
        var sample = SampleLine()
        sample.agentID = nil
        #expect(!Self.matches(sample) { $0.agentIDs = ["agent_001"] })
        #expect(!Self.matches(sample) { $0.agentIDs = [""] })
        #expect(Self.matches(sample) { $0.sessionIDs = ["sess_abc123"] })
    }

    @Test(arguments: [
        (#""sess\u005fabc123""#, "sess_abc123", true), (#""a\/b""#, "a/b", true),
        (#""a\\b""#, #"a\b"#, true), (#""a\\b""#, #"a\\b"#, false), (#""a\nb""#, "a\nb", true),
        (#""a\nb""#, #"a\nb"#, false), (#""a\\nb""#, #"a\nb"#, true), (#""a\"b""#, "a\"b", true),
        (#""a\"b""#, #"a\"b"#, false), (#""a\u00e7\u00e3o""#, "ação", true),
        (#""ação""#, "ação", true), (#""ação""#, #"a\u00e7\u00e3o"#, false),
        (#""\ud83d\ude00""#, "😀", true), (#""\u0000""#, "\u{0}", true), (#""\u0041""#, "a", false),
        // Two spellings of one sound are two texts.
        ("\"e\u{301}\"", "\u{E9}", false),
    ])
    func `compares what a field says, however it is spelled`(
        token: String, wanted: String, isMatch: Bool
    ) {
        var sample = SampleLine()
        (sample.sessionID, sample.type) = (token, token)
        (sample.agentID, sample.sourceApp) = (token, token)
        for (field, _) in Self.fields {
            #expect(Self.matches(sample) { $0[keyPath: field] = [wanted] } == isMatch)
            #expect(Self.matches(sample) { $0[keyPath: field] = ["x", wanted] } == isMatch)
        }
    }

    @Test(
        arguments: [
            (nil, nil, true), (0, nil, true), (1, nil, false), (-1, nil, true), (nil, 0, false),
            (nil, 1, true), (nil, -1, false), (0, 1, true), (0, 0, false), (-5, 5, true),
            (1, 5, false),
            (-5, 0, false), (5, -5, false),
        ] as [(Int64?, Int64?, Bool)])
    func `takes the first moment and not the last`(from: Int64?, to: Int64?, isMatch: Bool) {
        let event = Timestamp(milliseconds: 1_738_319_400_000)
        #expect(
            Self.matches {
                $0.from = from.map { event.advanced(byMilliseconds: $0) }
                $0.to = to.map { event.advanced(byMilliseconds: $0) }
            } == isMatch)
    }

    @Test func `goes by the event's time, not the server's`() {
        #expect(!Self.matches { $0.from = Timestamp(milliseconds: 1_738_319_400_002) })
    }
}
