import GRDB
import Rollup
import Storage
import Testing
import TestSupport
import TimeSeries

extension ScratchFolder {
    var storePath: String { path + "/" + DerivedStore.fileName }

    func store(_ limits: DerivedStore.Limits = .init()) throws -> DerivedStore {
        try DerivedStore(path: storePath, limits: limits)
    }

    /// Plain SQL beside the store, on a connection that knows nothing of it.
    func sql<Value: DatabaseValueConvertible>(
        _ sql: String, as type: Value.Type = Value.self
    ) throws -> [Value] {
        try DatabaseQueue(path: storePath).read { try Value.fetchAll($0, sql: sql) }
    }

    func rows(_ sql: String) throws -> [Row] {
        try DatabaseQueue(path: storePath).read { try Row.fetchAll($0, sql: sql) }
    }

    func execute(_ sql: String) throws {
        try DatabaseQueue(path: storePath).write { try $0.execute(sql: sql) }
    }
}

extension DerivedStore {
    /// All buckets of an interval.
    func rows(_ interval: Interval) async throws -> [SeriesBucket] {
        try await reader.snapshot { snapshot in
            var rows: [SeriesBucket] = []
            try snapshot.forEachSeries(interval) { rows += $0 }
            return rows
        }
    }
}

/// The code of the error that something ends with; nil where it does not.
func code(_ body: () async throws -> Void) async -> StorageError.Code? {
    do {
        try await body()
        return nil
    } catch let error as StorageError {
        return error.code
    } catch {
        Issue.record(error)
        return nil
    }
}
