import EventLine
import EventLog
import Foundation
import Intake
import TestSupport
import class TestSupport.ScratchFolder
import Testing
import TimeSeries

@testable import Pipeline

/// The end of a turn, as the reference's hook sends it: with all messages so far.
private struct Turn {
    var id: String?
    var session = "s"
    let messages: [String]

    init(_ count: Int, id: String? = nil, session: String = "s") {
        self.id = id
        self.session = session
        messages = (0..<count).map { #"{"n":\#($0),"text":"message \#($0) of \#(session)"}"# }
    }

    var chat: [UInt8] { Array("[\(messages.joined(separator: ","))]".utf8) }

    var json: String {
        let id = id.map { #""event_id":"\#($0)","# } ?? ""
        return #"{\#(id)"hook_event_type":"Stop","source_app":"app","session_id":"\#(session)","#
            + #""payload":{"k":1},"chat":\#(String(decoding: chat, as: UTF8.self))}"#
    }
}

extension Pipeline {
    fileprivate func end(_ turns: [Turn]) async throws -> [BatchOutcome.Result] {
        var intake = EventIntake(redactor: Redactor(rules: []), keys: keys)
        var batch = EventBatch()
        for turn in turns {
            let bytes = Array(turn.json.utf8)
            try intake.take(
                0..<bytes.count, of: bytes.span, EventIntake.Context(now: start), into: &batch)
        }
        return try await queue.submit(batch).outcome().results
    }

    fileprivate func chat(of id: UInt64) async throws -> StoredChat {
        let line = try #require(try await reader.event(EventID(id)))
        return try await reader.chats(of: [line])[0]
    }
}

@Suite struct `A transcript` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private func pieces() throws -> [[Int]] {
        try folder.lines().compactMap { line in
            let bytes = Array(line.utf8)
            return TranscriptLine(bytes.span).map {
                [Int($0.id.value), $0.from, $0.count, Int($0.previous?.value ?? 0)]
            }
        }
    }

    @Test func `is written once, however often it is sent, and put together again`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let turns = [2, 3, 3, 7].map { Turn($0) }
        try await pipeline.serving {
            let first = try await pipeline.end([turns[0]])
            #expect(first.stored == [2])
            #expect(try await pipeline.end([turns[1], turns[2]]).stored == [4, 6])
            #expect(try await pipeline.end([turns[3]]).stored == [8])
            for (turn, id) in zip(turns, [2, 4, 6, 8] as [UInt64]) {
                #expect(try await pipeline.chat(of: id) == .whole(turn.chat))
            }
        }
        #expect(try pieces() == [[1, 0, 2, 0], [3, 2, 1, 1], [5, 3, 0, 3], [7, 3, 4, 5]])
        let lines = try folder.lines()
        for message in turns[3].messages {
            #expect(lines.count { $0.contains(message) } == 1)
        }
    }

    @Test func `goes on after a restart, and is read from files`() async throws {
        var limits = Pipeline.Limits()
        (limits.recent.eventsMax, limits.recent.blockBytesMax) = (1, 0)
        for (count, id) in zip(1...5, stride(from: UInt64(2), through: 10, by: 2)) {
            let pipeline = try await Pipeline.open(folder, limits: limits)
            try await pipeline.serving {
                #expect(try await pipeline.end([Turn(count)]).stored == [id])
                for other in 1...count {
                    let chat = try await pipeline.chat(of: UInt64(other * 2))
                    #expect(chat == .whole(Turn(other).chat))
                }
            }
        }
        #expect(try pieces().map { $0[2] } == [1, 1, 1, 1, 1])
    }

    @Test func `is written whole where it is spread over enough lines`() async throws {
        var limits = Pipeline.Limits()
        limits.transcripts.linesMax = 2
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving { _ = try await pipeline.end([Turn(2), Turn(3)]) }
        let again = try await Pipeline.open(folder, limits: limits)
        try await again.serving {
            let results = try await again.end([Turn(4)])
            #expect(results.stored == [6])
            #expect(try await again.chat(of: 6) == .whole(Turn(4).chat))
        }
        #expect(try pieces().last == [5, 0, 4, 0])
    }

    @Test func `of a duplicate is not written`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            let turn = Turn(2, id: "e")
            let results = try await pipeline.end([turn, turn])
            #expect(results.stored == [2] && results.duplicates == [2])
            #expect(try await pipeline.end([turn]).duplicates == [2])
            #expect(try await pipeline.chat(of: 2) == .whole(turn.chat))
        }
        let again = try await Pipeline.open(folder)
        try await again.serving {
            let results = try await again.end([Turn(2, id: "e")])
            #expect(results.duplicates == [2])
        }
        #expect(try folder.lines().count == 2)
    }

    @Test func `is hidden from everybody who asks for events`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            _ = try await pipeline.end([Turn(2), Turn(3), Turn(1, session: "t")])
            #expect(try await pipeline.reader.event(EventID(1)) == nil)
            for order in [EventQuery.Order.newestFirst, .oldestFirst] {
                var query = EventQuery()
                query.order = order
                #expect(try await pipeline.reader.page(query, limit: 10).lines.count == 3)
                var stream = try await pipeline.reader.stream(query)
                var count = 0
                while let page = try await stream.next() { count += page.lines.count }
                #expect(count == 3)
            }
            var search = EventQuery()
            search.filter.text = "message"
            #expect(try await pipeline.reader.page(search, limit: 10).lines.isEmpty)
            #expect(try await pipeline.reader.filterOptions().types == ["Stop"])
        }
    }

    @Test func `is lost, and told so, where a line of it is changed or gone`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving { _ = try await pipeline.end([Turn(2), Turn(4), Turn(6)]) }
        let partition = try #require(try folder.partitions.first)
        for (find, replace) in [("message 3", "message 9"), ("\"from\":2,", "\"from\":3,")] {
            let damaged = try folder.inner()
            try damaged.write(
                Array(Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + partition))),
                to: partition)
            try damaged.edit(partition) { bytes in
                bytes = Array(
                    String(decoding: bytes, as: UTF8.self).replacing(find, with: replace).utf8)
            }
            let again = try await Pipeline.open(damaged)
            try await again.serving {
                let sound = try await again.chat(of: 2)
                #expect(sound == .whole(Turn(2).chat))
                #expect(try await again.chat(of: 4) == .lost)
                #expect(try await again.chat(of: 6) == .lost)
            }
        }
    }

    @Test func `stays away where a list of them has grown too long`() async throws {
        let pipeline = try await Pipeline.open(folder)
        try await pipeline.serving {
            _ = try await pipeline.end([Turn(2), Turn(3), Turn(4)])
            var lines: [[UInt8]] = []
            for id: UInt64 in [6, 4, 2] {
                lines.append(try #require(try await pipeline.reader.event(EventID(id))))
            }
            let all = try await pipeline.reader.chats(of: lines)
            #expect(all == [4, 3, 2].map { .whole(Turn($0).chat) })
            let some = try await pipeline.reader.chats(of: lines, bytesMax: Turn(4).chat.count)
            #expect(some == [.whole(Turn(4).chat), .none, .none])
        }
    }

    @Test func `of fifty turns takes the room of one`() async throws {
        let pipeline = try await Pipeline.open(folder)
        let turns = (1...50).map { Turn($0 * 10) }
        try await pipeline.serving {
            for turn in turns { _ = try await pipeline.end([turn]) }
            let last = try #require(turns.last)
            #expect(try await pipeline.chat(of: 100) == .whole(last.chat))
        }
        let stored = try folder.lines().reduce(0) { $0 + $1.utf8.count + 1 }
        let sent = turns.reduce(0) { $0 + $1.json.utf8.count }
        // Two lines a turn have their envelopes; the messages stand there once.
        #expect(stored < (turns.last?.chat.count ?? 0) + 50 * 700)
        #expect(stored * 10 < sent)
    }
}

extension `A log that cannot be written` {
    @Test func `forgets transcripts of a failed group`() async throws {
        let (folder, clock) = (try ScratchFolder(), TestClock())
        var limits = Pipeline.Limits()
        limits.log.partitionAgeMillisecondsMax = 1
        let pipeline = try await Pipeline.open(folder, limits: limits, now: clock.now)
        try await pipeline.serving {
            _ = try await pipeline.end([Turn(2)])
            clock.advance(milliseconds: 1_000)
            try folder.remove()
            await #expect(throws: IngestRefusal.self) { try await pipeline.end([Turn(4)]) }
            try folder.restore()
            clock.advance(milliseconds: 1_000)
            let stored = try await pipeline.end([Turn(5)]).stored
            let id = try #require(stored.first)
            #expect(try await pipeline.chat(of: id) == .whole(Turn(5).chat))
        }
    }
}
