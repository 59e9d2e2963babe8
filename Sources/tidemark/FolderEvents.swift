internal import EventIndex
internal import EventLog
internal import Folds
internal import Foundation
internal import NIOPosix
internal import Pipeline
internal import Storage
internal import TimeSeries

/// Events of a data folder, read beside whatever process owns it.
struct FolderEvents: EventSource {
    private let reader: EventReader

    init(folder: String) async throws {
        let path = folder + "/log"
        let log = try FolderLog(folder: folder)
        reader = EventReader(
            source: { () throws(LogError) in try EventLog.readOnlySnapshot(folder: path) },
            recent: RecentEvents(), index: await Self.index(of: folder, log), threads: .singleton)
    }

    func forEach(
        _ query: EventQuery, limit: Int?, _ body: ([[UInt8]]) throws -> Void
    ) async throws {
        do {
            var stream = try await reader.stream(query)
            var rest = limit ?? .max
            while rest > 0, let page = try await stream.next() {
                let lines = page.lines.prefix(rest).map { Array(page.bytes[$0]) }
                rest -= lines.count
                if !lines.isEmpty { try body(lines) }
            }
        } catch EventReader.Refusal.failed(let error) {
            throw CommandFailure(message: error.description)
        }
        for span in reader.damage {
            Console.error("note: not as it was written: \(span)")
        }
    }

    func close() async {}

    /// An empty one where the store is none for this log: then all lines are read.
    private static func index(of folder: String, _ log: FolderLog) async -> LogIndex {
        let index = LogIndex()
        guard
            let store = try? DerivedReader(readingOnly: folder + "/" + DerivedStore.fileName),
            let (checkpoint, end) = try? await store.snapshot({ try ($0.checkpoint, $0.indexEnd) }),
            let checkpoint, let end, checkpoint.logID == log.logID,
            checkpoint.foldVersion == Int64(Fold.version), checkpoint.lastID <= log.lastID
        else { return index }
        index.open(store, end: end.lastID)
        return index
    }
}
