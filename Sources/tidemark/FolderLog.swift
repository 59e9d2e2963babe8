internal import EventLine
internal import EventLog
internal import Folds
internal import Foundation
internal import TimeSeries

/// The log of a data folder at one moment, read beside whatever process owns it.
struct FolderLog {
    private let snapshot: LogSnapshot
    /// Nil where its header is lost.
    let logID: String?
    let lastID: EventID

    init(folder: String) throws {
        let log = folder + "/log"
        guard FileManager.default.fileExists(atPath: log) else {
            throw CommandFailure(
                message: "\(folder) is no data folder", hints: ["it should hold log/"])
        }
        snapshot = try Self.reading { () throws(LogError) in
            try EventLog.readOnlySnapshot(folder: log, damageListener: Console.warn)
        }
        logID = try Self.logID(of: snapshot)
        lastID = try Self.lastID(of: snapshot)
    }

    /// Folds the lines that a fold does not know yet.
    /// - Parameters:
    ///   - last: the last line that is folded.
    ///   - pause: called now and then, with how many bytes were read since.
    func add(
        to fold: inout Fold, through last: EventID,
        pause: (inout Fold, Int) throws -> Void = { _, _ in }
    ) throws {
        var cursor = try Self.reading { [fold] () throws(LogError) in
            try snapshot.lines(after: fold.position.lastID)
        }
        while let chunk = try Self.reading({ () throws(LogError) in try cursor.next() }) {
            let isWhole = chunk.forEachLine { range in
                let line = chunk.bytes.span.extracting(range)
                if let id = EventEnvelope.id(of: line), id > last { return false }
                fold.add(line)
                return true
            }
            try pause(&fold, chunk.bytes.count)
            if !isWhole { return }
        }
    }

    private static func reading<Value>(
        _ body: () throws(LogError) -> Value
    ) throws(CommandFailure) -> Value {
        do {
            return try body()
        } catch {
            throw CommandFailure(message: error.description)
        }
    }
}

// MARK: What the log says of itself

extension FolderLog {
    private struct Header: Decodable {
        let kind: String
        let log_id: String
    }

    private static func logID(of snapshot: LogSnapshot) throws -> String? {
        let first = try reading { () throws(LogError) in
            var cursor = try snapshot.lines(after: .none)
            return try cursor.next()
        }
        let line = first.map { $0.bytes.prefix { $0 != UInt8(ascii: "\n") } } ?? []
        let header = try? JSONDecoder().decode(Header.self, from: Data(line))
        return header?.kind == "header" ? header?.log_id : nil
    }

    private static func lastID(of snapshot: LogSnapshot) throws -> EventID {
        // Names count too: a partition without lines may follow ids that were burned.
        let first = snapshot.partitions.last?.name.firstID ?? .first
        let last = try reading { () throws(LogError) in
            var cursor = try snapshot.linesBackward(before: .last)
            var last: EventID?
            while last == nil, let chunk = try cursor.next() {
                chunk.forEachLine(newestFirst: true) { range in
                    last = EventEnvelope.id(of: chunk.bytes.span.extracting(range))
                    return last == nil
                }
            }
            return last ?? .none
        }
        return max(last, EventID(max(first.value, 1) - 1))
    }
}
