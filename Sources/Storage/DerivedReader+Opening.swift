internal import GRDB

extension DerivedReader {
    /// Opens a store to be read and nothing else, also one that another process writes to: nothing is
    /// created, brought up to date or repaired.
    ///
    /// A store of an older version is `corrupt` here: it cannot be read as it is.
    public convenience init(
        readingOnly path: String, limits: DerivedStore.Limits = DerivedStore.Limits()
    ) throws(StorageError) {
        do {
            var configuration = limits.configuration("derived.reading")
            configuration.readonly = true
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.read { db in
                _ = try Schema.check(db)
                try Schema.verify(db)
            }
            self.init(pool, limits)
        } catch {
            throw StorageError(error, "read \(path)")
        }
    }
}
