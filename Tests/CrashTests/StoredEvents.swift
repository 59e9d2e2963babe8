import Foundation
import ServerSupport

/// Events as they were found stored, and what is wrong with them by themselves.
struct StoredEvents {
    private(set) var ids: [UInt64] = []
    private(set) var eventIDs: [String] = []
    private(set) var faults: [String] = []

    /// - Parameter ndjson: whole lines, oldest first.
    init(ndjson: [UInt8]) {
        if let last = ndjson.last, last != UInt8(ascii: "\n") { faults.append("a torn end") }
        for line in ndjson.lines { add(line) }
    }

    /// All that the server has, by its own word.
    init(of server: ServerProcess) throws {
        let answer = try server.connect().request(
            "GET", "/events?order=asc", headers: ["Accept": "application/x-ndjson"])
        self.init(ndjson: answer.body)
        if answer.status != 200 { faults.append("GET /events: \(answer.status)") }
    }

    /// All lines of the log's files as they lie there, each file with its header.
    init(files folder: String) throws {
        self.init(ndjson: [])
        for bytes in try LogFiles(folder).contents {
            let lines = bytes.lines
            if lines.first?.starts(with: Array("{\"kind\":\"header\"".utf8)) != true {
                faults.append("a partition without a header")
            }
            if bytes.last != UInt8(ascii: "\n") { faults.append("a torn end") }
            for line in lines.dropFirst() { add(line) }
        }
    }

    private mutating func add(_ line: ArraySlice<UInt8>) {
        let object = try? JSONSerialization.jsonObject(with: Data(line))
        let members = object as? [String: Any] ?? [:]
        // The server's own numbers.
        if members["kind"] as? String == "samples" { return }
        guard let id = members["id"] as? UInt64, let eventID = members["event_id"] as? String,
            let data = members["data"] as? [String: Any]
        else {
            let text = String(decoding: line.prefix(120), as: UTF8.self)
            return faults.append("no event: \(text.debugDescription)")
        }
        if let last = ids.last, id <= last { faults.append("id \(id) after \(last)") }
        if data["of"] as? String != eventID { faults.append("\(eventID) has another's data") }
        ids.append(id)
        eventIDs.append(eventID)
    }

    /// What is wrong, given what the clients know.
    func faults(_ ledger: Ledger, before position: UInt64 = .max) -> [String] {
        var counts: [String: Int] = [:]
        for id in eventIDs { counts[id, default: 0] += 1 }
        let lost = ledger.acknowledged(before: position).filter { counts[$0] == nil }
        let double = counts.filter { $0.value > 1 }.keys
        let unknown = counts.keys.filter { ledger.sent[$0] == nil }
        return faults + ledger.faults + Self.listed("lost", lost)
            + Self.listed("stored twice", double) + Self.listed("never sent", unknown)
    }

    /// What is wrong where every event that was sent must be there.
    func faultsIfAllIsThere(_ ledger: Ledger) -> [String] {
        let missing = Set(ledger.sent.keys).subtracting(eventIDs)
        return faults(ledger) + Self.listed("missing", missing)
    }

    private static func listed(_ what: String, _ ids: some Collection<String>) -> [String] {
        ids.isEmpty ? [] : ["\(what): \(ids.count), such as \(ids.sorted().prefix(3))"]
    }
}

/// The partitions of a data folder, by the ids in their names.
struct LogFiles {
    let paths: [String]

    init(_ folder: String) throws {
        let log = folder + "/log"
        paths = try FileManager.default.contentsOfDirectory(atPath: log)
            .sorted { $0.suffix(27) < $1.suffix(27) }.map { log + "/" + $0 }
    }

    var contents: [[UInt8]] {
        get throws {
            try paths.map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))) }
        }
    }
}
