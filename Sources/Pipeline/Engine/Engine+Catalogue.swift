public import Catalogue
internal import EventLog
internal import Folds
internal import NIOPosix
internal import TimeSeries

extension Engine {
    /// The user's entries in force.
    public var catalogue: UserCatalogue { fold.catalogue }

    /// Those in force at the end of the log as it was opened, of which the last lines may not be folded yet.
    func catalogueAtEnd() async throws -> UserCatalogue {
        let (log, start) = (replayed, fold.position.lastID)
        return try await threads.runIfActive { try log.lastCatalogue(after: start) }
            ?? fold.catalogue
    }
}

extension LogSnapshot {
    fileprivate func lastCatalogue(after id: EventID) throws(LogError) -> UserCatalogue? {
        var observer: LineObserver?
        var batch = ObservationBatch()
        var cursor = try lines(after: id)
        while let chunk = try cursor.next() {
            chunk.forEachLine { range in
                let line = chunk.bytes.span.extracting(range)
                if line.isCatalogue {
                    var newest = LineObserver()
                    newest.observe(line, into: &batch)
                    observer = newest
                }
                return true
            }
        }
        return observer?.catalogue
    }
}

extension Span<UInt8> {
    /// `{"id":9,"kind":"catalogue",…`
    var isCatalogue: Bool {
        let mark = CatalogueMark.bytes
        var start = 0
        while start < count, self[start] != UInt8(ascii: ",") { start += 1 }
        guard start + mark.count <= count else { return false }
        return mark.indices.allSatisfy { self[start + $0] == mark[$0] }
    }
}

private enum CatalogueMark {
    static let bytes = Array(#","kind":"catalogue","#.utf8)
}
