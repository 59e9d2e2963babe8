internal import EventLine
internal import Foundation
internal import Storage
internal import StrictJSON
internal import TimeSeries

/// Sends the rows of the reference's database to a server, those left out that it has already.
struct ReferenceImport {
    struct Report {
        var rows = 0
        var imported = 0
        var present = 0
        /// Rows that could not be taken.
        var faultCount = 0
        /// The first of them, each with its reason.
        var faults: [String] = []
    }

    /// The server names the first hundred rejections of a request: so each row's is heard.
    private static let batchRowsMax = 100
    private static let batchBytesMax = 8 << 20
    fileprivate static let faultsMax = 100
    /// A server that is busy for longer is given up.
    private static let attemptsMax = 60

    let database: ReferenceDatabase
    let client: ServerClient

    func run(_ show: (Report, Int) -> Void) async throws -> Report {
        let extent = try Self.reading { () throws(StorageError) in try database.extent() }
        let present = try await presentIDs(extent)
        var report = Report()
        var last: Int64 = .min
        while true {
            let rows = try Self.reading { () throws(StorageError) in
                try database.rows(
                    after: last, max: Self.batchRowsMax, bytesMax: Self.batchBytesMax)
            }
            guard let final = rows.last else { return report }
            last = final.id
            try await send(rows, except: present, &report)
            show(report, extent.rows)
        }
    }

    /// The ids of this kind that the server has of the same time: further back than it knows duplicates.
    private func presentIDs(_ extent: ReferenceDatabase.Extent) async throws -> Set<String> {
        guard let span = extent.timestamps else { return [] }
        var present: Set<String> = []
        var lines = LineAssembler()
        // Times beyond the calendar are of rows that no server takes.
        let calendar = Timestamp.representable
        func moment(_ milliseconds: Int64) -> Timestamp {
            let first = max(Timestamp(milliseconds: milliseconds), calendar.lowerBound)
            return min(first, calendar.upperBound.advanced(byMilliseconds: -1))
        }
        let times = [
            ("from", moment(span.lowerBound)),
            ("to", moment(span.upperBound).advanced(byMilliseconds: 1)),
        ].map { URLQueryItem(name: $0, value: $1.description) }
        try await client.get("/events", times, type: "application/x-ndjson") { piece in
            for line in lines.add(piece) {
                if let id = Self.madeID(of: line) { present.insert(id) }
            }
        }
        return present
    }

    /// An event's id where it was made from what it names: version 8 alone is.
    private static func madeID(of line: [UInt8]) -> String? {
        guard let envelope = EventEnvelope(line.span) else { return nil }
        var id: [UInt8] = []
        JSONString.decode(envelope.eventID, in: line.span, appendingTo: &id)
        guard id.count == 36, id[14] == UInt8(ascii: "8") else { return nil }
        return String(decoding: id, as: UTF8.self)
    }

    private func send(
        _ rows: [ReferenceDatabase.Row], except present: Set<String>, _ report: inout Report
    ) async throws {
        var body: [UInt8] = []
        var sent: [Int64] = []
        for row in rows {
            report.rows += 1
            do throws(ReferenceEvent.Fault) {
                let event = try ReferenceEvent(row)
                if present.contains(event.eventID) {
                    report.present += 1
                } else {
                    body += event.json + [UInt8(ascii: "\n")]
                    sent.append(row.id)
                }
            } catch {
                report.add(row.id, error.message)
            }
        }
        guard !sent.isEmpty else { return }
        let answer = try await post(body)
        report.imported += answer.accepted
        report.present += answer.duplicates
        for rejected in answer.rejected where sent.indices.contains(rejected.index) {
            report.add(sent[rejected.index], rejected.message)
        }
    }

    /// A batch that is sent again adds nothing that was taken before.
    private func post(_ body: [UInt8]) async throws -> Answer {
        for attempt in 1... {
            let answer = try await client.post("/events", type: "application/x-ndjson", body)
            if answer.status == 503, attempt < Self.attemptsMax {
                try await Task.sleep(for: .seconds(1))
                continue
            }
            if answer.status == 200, let taken = try? Self.decoded(Answer.self, answer.body) {
                return taken
            }
            // None of them could be taken.
            if answer.status == 400, let refusal = try? Self.decoded(Refusal.self, answer.body),
                let taken = refusal.error.details
            {
                return taken
            }
            throw CommandFailure(refusal: answer.body, status: answer.status)
        }
        throw CommandFailure(message: "the server stays busy", hints: ["try again later"])
    }

    private static func decoded<Value: Decodable>(
        _ type: Value.Type, _ body: [UInt8]
    ) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }

    private static func reading<Value>(
        _ body: () throws(StorageError) -> Value
    ) throws(CommandFailure) -> Value {
        do {
            return try body()
        } catch {
            throw CommandFailure(message: error.description)
        }
    }
}

extension ReferenceImport.Report {
    fileprivate mutating func add(_ row: Int64, _ message: String) {
        faultCount += 1
        if faults.count < ReferenceImport.faultsMax { faults.append("row \(row): \(message)") }
    }
}

extension ReferenceImport {
    fileprivate struct Answer: Decodable {
        struct Rejection: Decodable {
            let index: Int
            let message: String
        }

        let accepted, duplicates: Int
        let rejected: [Rejection]
    }

    fileprivate struct Refusal: Decodable {
        struct Fault: Decodable {
            let details: Answer?
        }

        let error: Fault
    }
}
