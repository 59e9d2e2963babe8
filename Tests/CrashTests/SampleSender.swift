import Foundation
import ServerSupport
import TestSupport

/// One sender of metric samples over one connection. Samples are not known apart, so that what was not
/// acknowledged is not sent again.
struct SampleSender {
    private let ledger: Ledger
    /// The length of the fault journal at the moment.
    private let position: @Sendable () -> UInt64
    private var random: SplitMix64
    private var total = 0
    private var connection: HTTPConnection?

    init(_ ledger: Ledger, seed: UInt64, position: @escaping @Sendable () -> UInt64) {
        self.ledger = ledger
        self.position = position
        random = SplitMix64(seed: seed)
    }

    /// Sends until it is told to stop, or until the server is gone.
    mutating func run(_ server: ServerProcess, while isWanted: () -> Bool) {
        while isWanted() {
            do {
                try send(server)
            } catch {
                connection = nil
                guard (try? server.connect()) != nil else { return }
            }
            usleep(UInt32.random(in: 500...8_000, using: &random))
        }
    }

    private mutating func send(_ server: ServerProcess) throws {
        let connection = try connection ?? server.connect()
        self.connection = connection
        let count = random.pick([1, 1, 4, 25])
        ledger.sendsSamples(count)
        let answer =
            random.isOnce(in: 2)
            ? try connection.post("/metrics", json(count))
            : try connection.request(
                "POST", "/write?precision=ms", body: Array(influxLines(count).utf8))
        switch answer.status {
        case 200, 204: ledger.acknowledgesSamples(count, position: position())
        case 503 where answer.headers["retry-after"] != nil: break
        default: ledger.isWrong("samples: \(answer.status): \(answer.text.prefix(200))")
        }
    }

    private mutating func json(_ count: Int) -> String {
        let samples = (0..<count).map { _ in
            let (kind, value) = reading()
            return "{\"metric\":\"\(StoredSamples.prefix)\(kind)\",\(value),"
                + "\"tags\":{\"host\":\"h\(random.next() % 3)\"},"
                + "\"timestamp\":\(SampleTime.random(&random))}"
        }
        return "[" + samples.joined(separator: ",") + "]"
    }

    private mutating func reading() -> (kind: String, members: String) {
        let value = "\"value\":\(random.next() % 100_000).\(random.next() % 1_000)"
        switch random.next() % 4 {
        case 0: return ("gauge", "\"kind\":\"gauge\",\(value)")
        case 1: return ("wait", "\"kind\":\"distribution\",\(value)")
        case 2: return ("delta", "\"kind\":\"counter\",\(value)")
        default:
            // It begins again now and then.
            total = random.isOnce(in: 20) ? 0 : total + Int(random.next() % 100)
            let temporality = "\"temporality\":\"cumulative\""
            return ("total", "\"kind\":\"counter\",\(temporality),\"value\":\(total)")
        }
    }

    private mutating func influxLines(_ count: Int) -> String {
        let measurement = StoredSamples.prefix.dropLast()
        return (0..<count).map { _ in
            "\(measurement),host=h\(random.next() % 3) f=\(random.next() % 1_000).25 "
                + "\(SampleTime.random(&random))\n"
        }.joined()
    }
}

/// When something was that is sent late.
enum SampleTime {
    /// 2026-01-05T10:00:00Z.
    private static let start: Int64 = 1_767_607_200_000

    /// In milliseconds; mostly within a few minutes, else within days.
    static func random(_ random: inout SplitMix64) -> Int64 {
        start + Int64.random(in: 0...random.pick([300_000, 300_000, 90_000_000]), using: &random)
    }
}
