import Streams
import Testing
import TimeSeries

/// What one tick does for each client of an audience: its queue takes the frames, and gives them to its
/// socket. What is made once for all of them is counted by its growth.
@Suite(.enabled(if: canCount)) struct `Of a stream's clients` {
    private static let time = Timestamp(milliseconds: 0)

    private struct Crowd {
        var book = StreamBook(position: .none)
        let queues: [ClientQueue]
        private var lastID: UInt64 = 0

        init(_ count: Int) {
            queues = (0..<count).map { _ in ClientQueue(format: .webSocket) }
            for queue in queues {
                book.connect(queue)
                let moment = StreamBook.Moment(
                    time: time, mark: LogMark(logID: "", lastID: .none), firstID: .first)
                book.handle(
                    .subscribe(Subscription(id: "a", streams: [.event])), from: queue, moment)
                while queue.next() != nil {}
            }
            _ = book.takeWoken()
        }

        /// - Returns: how many clients got it.
        mutating func tick(_ line: [UInt8]) -> Int {
            lastID += 1
            book.add(line.span)
            book.flush(through: EventID(lastID), at: time, acknowledged: .now)
            var count = 0
            for queue in queues {
                while queue.next() != nil { count += 1 }
            }
            return count
        }
    }

    private static let line = Array(
        (#"{"id":1,"event_id":"e","type":"Stop","source_app":"a","session_id":"s","timestamp":"#
            + #""2026-11-22T14:00:00.000Z","server_timestamp":"2026-11-22T14:00:00.000Z","#
            + #""processing_time_ms":0,"enrichment_version":"1.0.0","data":{}}"# + "\n").utf8)

    /// The list of those to be woken is given away each tick, as the broadcaster takes it.
    private func allocationsOfTick(clients: Int) -> UInt {
        var crowd = Crowd(clients)
        var count = 0
        let found = allocations {
            count = crowd.tick(Self.line)
            _ = crowd.book.clientCount
        }
        #expect(count == clients)
        return found
    }

    @Test func `a thousand more cost a tick no allocation for each`() {
        let few = allocationsOfTick(clients: 10)
        let many = allocationsOfTick(clients: 1_010)
        // Only the list of the woken grows, by doubling.
        #expect(many <= few + 16, "\(few) for 10, \(many) for 1,010")
    }
}
