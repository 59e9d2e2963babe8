internal import GRDB

/// A copy of a database as it is at one moment, also while another process writes to it.
public enum DatabaseCopy {
    /// How long it waits for another process.
    private static let busySeconds = 30.0

    /// - Parameter copy: a file that is not there yet. Of the database all stands in this one file.
    public static func make(of path: String, at copy: String) throws(StorageError) {
        do {
            var reading = Configuration()
            reading.readonly = true
            reading.busyMode = .timeout(busySeconds)
            let source = try DatabaseQueue(path: path, configuration: reading)
            try StoreFile.create(copy)
            let target = try DatabaseQueue(path: copy)
            // All pages in one step: then nothing that is committed meanwhile makes it begin again.
            try source.backup(to: target)
            // The copy's own WAL is moved into it, and is gone.
            try target.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
            }
            try target.close()
            try source.close()
        } catch {
            throw StorageError(error, "copy \(path)")
        }
    }
}
