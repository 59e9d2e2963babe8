import EventLine
import Intake
import Testing
import TimeSeries

/// How much of a session's transcript is known to be in the log.
@Suite struct `The transcript window` {
    private static let start = Timestamp(milliseconds: 1_795_356_000_000)

    private static func transcript(
        _ messages: [String], session: String = "s", app: String = "a"
    ) throws -> EventBatch.Transcript {
        let json =
            #"{"hook_event_type":"Stop","source_app":"\#(app)","session_id":"\#(session)","#
            + #""payload":{"k":1},"chat":[\#(messages.joined(separator: ","))]}"#
        var intake = EventIntake(redactor: Redactor(rules: []), keys: Taking.keys)
        var batch = EventBatch()
        let bytes = Array(json.utf8)
        try intake.take(
            0..<bytes.count, of: bytes.span, EventIntake.Context(now: start), into: &batch)
        return try #require(batch.transcripts.first)
    }

    private static func window(
        sessions: Int = 100, age: Int64 = 1_000, lines: Int = 100
    ) -> TranscriptWindow {
        var limits = TranscriptWindow.Limits()
        (limits.sessionsMax, limits.ageMillisecondsMax, limits.linesMax) = (sessions, age, lines)
        return TranscriptWindow(limits: limits)
    }

    /// How many messages are known already, and in which line the last of them stands.
    private static func add(
        _ messages: [String], session: String = "s", line: UInt64, after milliseconds: Int64 = 0,
        to window: inout TranscriptWindow
    ) throws -> [UInt64] {
        let place = window.add(
            try transcript(messages, session: session), in: EventID(line),
            at: start.advanced(byMilliseconds: milliseconds))
        return [UInt64(place.from), place.previous?.value ?? 0]
    }

    @Test func `goes on where a transcript has grown`() throws {
        var window = Self.window()
        #expect(try Self.add(["1", "2"], line: 10, to: &window) == [0, 0])
        #expect(try Self.add(["1", "2", "3"], line: 20, to: &window) == [2, 10])
        #expect(try Self.add(["1", "2", "3"], line: 30, to: &window) == [3, 20])
        #expect(try Self.add(["1", "2", "3", "4", "5"], line: 40, to: &window) == [3, 30])
        #expect(window.count == 1)
    }

    @Test(
        arguments: [["1"], ["1", "3"], ["2", "1"], ["12"], ["1", "\"2\""], ["[1]", "2", "3"]])
    func `begins anew where one has not only grown`(other: [String]) throws {
        var window = Self.window()
        #expect(try Self.add(["1", "2"], line: 10, to: &window) == [0, 0])
        #expect(try Self.add(other, line: 20, to: &window) == [0, 0])
        #expect(try Self.add(other + ["9"], line: 30, to: &window) == [UInt64(other.count), 20])
    }

    @Test func `knows sessions apart`() throws {
        var window = Self.window()
        #expect(try Self.add(["1"], session: "s", line: 10, to: &window) == [0, 0])
        #expect(try Self.add(["1"], session: "t", line: 20, to: &window) == [0, 0])
        #expect(try Self.add(["1", "2"], session: "s", line: 30, to: &window) == [1, 10])
        let other = try Self.transcript(["1", "2", "3"], app: "b")
        #expect(window.add(other, in: EventID(40), at: Self.start).from == 0)
    }

    @Test func `remembers the sessions that were seen last`() throws {
        var window = Self.window(sessions: 4)
        for number in 1...5 {
            _ = try Self.add(["1"], session: "\(number)", line: UInt64(number), to: &window)
            #expect(window.count <= 4)
        }
        #expect(window.count == 3)
        #expect(try Self.add(["1"], session: "5", line: 10, to: &window) == [1, 5])
        #expect(try Self.add(["1"], session: "3", line: 11, to: &window) == [1, 3])
        #expect(try Self.add(["1"], session: "2", line: 12, to: &window) == [0, 0])
    }

    @Test func `begins anew what was begun too long ago`() throws {
        var window = Self.window(age: 1_000)
        #expect(try Self.add(["1"], line: 10, to: &window) == [0, 0])
        #expect(try Self.add(["1"], line: 20, after: 1_000, to: &window) == [1, 10])
        #expect(try Self.add(["1"], line: 30, after: 1_001, to: &window) == [0, 0])
        #expect(try Self.add(["1"], line: 40, after: 1_002, to: &window) == [1, 30])
    }

    @Test func `begins anew what is spread over too many lines`() throws {
        var window = Self.window(lines: 3)
        let known = try (1...7).map { number in
            try Self.add(["1"], line: UInt64(number), to: &window)[1]
        }
        #expect(known == [0, 1, 2, 0, 4, 5, 0])
    }

    @Test func `forgets what never became durable`() throws {
        var window = Self.window()
        _ = try Self.add(["1"], session: "s", line: 10, to: &window)
        _ = try Self.add(["1"], session: "t", line: 20, to: &window)
        _ = try Self.add(["1", "2"], session: "s", line: 30, to: &window)
        window.removeAll(from: EventID(25))
        #expect(try Self.add(["1", "2"], session: "s", line: 40, to: &window) == [0, 0])
        #expect(try Self.add(["1", "2"], session: "t", line: 50, to: &window) == [1, 20])
    }

    @Test func `is restored from the lines of the log`() throws {
        var (window, restored) = (Self.window(lines: 3), Self.window(lines: 3))
        let steps = [
            ["1"], ["1", "{}"], ["7"], ["7", "[8, 9]"], ["7", "[8, 9]", "\"x\""], ["7"],
        ]
        for (number, messages) in steps.enumerated() {
            let transcript = try Self.transcript(messages)
            let id = EventID(UInt64(number * 10 + 10))
            let place = window.add(transcript, in: id, at: Self.start)
            let line = Self.line(messages, place, id)
            restored.restore(try #require(Taking.keys.messages(ofLine: line)), Taking.keys)
            var (one, other) = (window, restored)
            let next = try Self.transcript(messages + ["\"more\""])
            #expect(
                one.add(next, in: EventID(99), at: Self.start)
                    == other.add(next, in: EventID(99), at: Self.start), "\(number)")
        }
    }

    @Test func `does not go on from lines whose beginning it has not seen`() throws {
        var window = Self.window()
        let place = TranscriptWindow.Place(from: 1, previous: EventID(5))
        let line = Self.line(["1", "2"], place, EventID(10))
        window.restore(try #require(Taking.keys.messages(ofLine: line)), Taking.keys)
        #expect(try Self.add(["1", "2"], line: 20, to: &window) == [0, 0])
    }

    private static func line(
        _ messages: [String], _ place: TranscriptWindow.Place, _ id: EventID
    ) -> [UInt8] {
        let rest = messages.dropFirst(place.from).map { $0.replacing(" ", with: "") }
        let parts = Array((#""a""s""# + rest.joined(separator: ",")).utf8)
        let ranges = TranscriptLine.Parts(
            sourceApp: 0..<3, sessionID: 3..<6, messages: 6..<parts.count)
        var line: [UInt8] = []
        TranscriptLine.append(
            id: id, serverTime: ServerTime(start), ranges, of: parts.span, from: place.from,
            previous: place.previous, count: rest.count, to: &line)
        return line
    }
}

extension EventKeys {
    func messages(ofLine line: [UInt8]) -> TranscriptMessages? { messages(of: line.span) }
}
