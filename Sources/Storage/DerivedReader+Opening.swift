internal import GRDB

extension DerivedReader {
    /// Opens a store to be read and nothing else, also one that another process writes to: nothing is
    /// created, brought up to date or repaired.
    ///
    /// A store of an older version is `corrupt` here: it cannot be read as it is. One that holds nothing yet
    /// is `empty`.
    public convenience init(
        readingOnly path: String, limits: DerivedStore.Limits = DerivedStore.Limits()
    ) throws(StorageError) {
        do {
            var configuration = limits.configuration("derived.reading")
            configuration.readonly = true
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.read { db in
                guard try Schema.derived.check(db) > 0 else { throw Self.unmade }
                try Schema.derived.verify(db)
            }
            self.init(pool, limits)
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
        {
            // Only the making of the file needs a rollback journal: from then on there is a WAL.
            throw StorageError(Self.unmade, "read \(path)")
        } catch {
            throw StorageError(error, "read \(path)")
        }
    }
    private static var unmade: StorageFault { StorageFault(.empty, "nothing is stored yet") }
}
