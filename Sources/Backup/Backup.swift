internal import EventLine
internal import EventLog
internal import Foundation
internal import Storage
public import TimeSeries

/// Copies a data folder as it is at one moment, also while a server writes to it.
///
///     base.sqlite, derived.sqlite, …    by SQLite's online backup: one moment between two commits
///     log/…                             then the log, so that it reaches at least as far as they do
///     manifest.json                     last: without it, it is no backup
///
/// What was acknowledged before the backup began is in it. Of the partition that grows, whole lines are
/// taken; the last of them may never have been acknowledged.
public struct Backup: Sendable {
    public struct Report: Sendable {
        public let files: Int
        public let bytes: Int
        public let lastID: EventID
    }

    /// Whole databases, where they are. The base must not be ahead of the store.
    private static let databases = ["base.sqlite", DerivedStore.fileName, "control.sqlite"]

    private let source: String
    private let target: String
    private let version: String
    private let now: Timestamp

    /// - Parameters:
    ///   - source: a data folder.
    ///   - target: a folder that is missing or empty.
    public init(of source: String, to target: String, version: String, now: Timestamp) {
        self.source = source
        self.target = target
        self.version = version
        self.now = now
    }

    /// - Parameter progress: hears how many more bytes are copied.
    public func run(_ progress: (Int) -> Void = { _ in }) throws(BackupFailure) -> Report {
        guard let first = BackupFiles.names(logFolder) else {
            throw BackupFailure("\(source) is no data folder", hint: "it should hold log/")
        }
        guard BackupFiles.names(target) ?? [] == [] else {
            throw BackupFailure(
                "\(target) is not empty",
                hint:
                    "give a new folder; one without manifest.json was cut short and may be removed")
        }
        try BackupFiles.createFolder(target)
        try BackupFiles.createFolder(target + "/" + BackupFiles.logFolder)
        var files = try copyDatabases(progress)
        files += try copyLog(first, progress)
        try BackupFiles.syncFolder(target + "/" + BackupFiles.logFolder)
        try BackupFiles.syncFolder(target)
        let (logID, lastID) = try described()
        try BackupManifest(
            version: version, createdAt: now.description, logID: logID,
            lastID: lastID.value.description, files: files
        ).write(to: target)
        return Report(
            files: files.count, bytes: files.reduce(0) { $0 + $1.bytes }, lastID: lastID)
    }

    private var logFolder: String { source + "/" + BackupFiles.logFolder }
}

// MARK: Databases

extension Backup {
    private func copyDatabases(
        _ progress: (Int) -> Void
    ) throws(BackupFailure) -> [BackupManifest.File] {
        var files: [BackupManifest.File] = []
        for name in Self.databases {
            let path = source + "/" + name
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let copy = target + "/" + name
            do throws(StorageError) {
                try DatabaseCopy.make(of: path, at: copy)
            } catch {
                throw BackupFailure(
                    error.description,
                    hint: error.code == .corrupt
                        ? "tidemark rebuild makes derived.sqlite anew from the log"
                        : "look at the disk, its room, and who may write there")
            }
            try BackupFiles.syncFile(copy)
            files.append(try measured(name, progress))
        }
        return files
    }

    private func measured(
        _ name: String, _ progress: (Int) -> Void
    ) throws(BackupFailure) -> BackupManifest.File {
        guard let file = try CopySource(target + "/" + name) else {
            throw BackupFailure("\(target)/\(name) has gone", hint: "try again")
        }
        let bytes = try file.bytes()
        let hash = try file.hash(bytes: bytes, progress)
        return BackupManifest.File(path: name, bytes: bytes, sha256: hash)
    }
}

// MARK: The log

extension Backup {
    /// - Parameter first: what stood in the folder before anything was copied.
    private func copyLog(
        _ first: [String], _ progress: (Int) -> Void
    ) throws(BackupFailure) -> [BackupManifest.File] {
        var files: [BackupManifest.File] = []
        var copied: Set<String> = []
        // A partition that is sealed meanwhile has another name; a later round finds it there.
        for _ in 0..<Self.roundsMax {
            let names = partitions(BackupFiles.names(logFolder) ?? [])
            let missing = names.filter { !copied.contains(Self.stem($0)) }
            if missing.isEmpty { break }
            for name in missing {
                guard let file = try copyPartition(name, progress) else { continue }
                copied.insert(Self.stem(name))
                if file.bytes > 0 { files.append(file) }
            }
            // What is begun from here on holds nothing that was acknowledged before.
            if missing.allSatisfy({ copied.contains(Self.stem($0)) }) { break }
        }
        if let lost = partitions(first).first(where: { !copied.contains(Self.stem($0)) }) {
            throw BackupFailure(
                "\(logFolder)/\(lost) was removed while the backup was made",
                hint: "remove \(target) and make it again")
        }
        return files
    }

    /// A seal, a new partition and a removal may each come between a look at the folder and the copy.
    private static let roundsMax = 10

    /// Oldest first.
    private func partitions(_ names: [String]) -> [String] {
        names.filter {
            PartitionName(fileName: Self.stem($0)) != nil && $0.hasPrefix(Self.stem($0))
        }
        .sorted { Self.stem($0).dropFirst(17) < Self.stem($1).dropFirst(17) }
    }

    /// The name without what says how it is packed.
    private static func stem(_ name: String) -> String {
        name.hasSuffix(".zst") ? String(name.dropLast(4)) : name
    }

    /// - Returns: nil where the file has gone.
    private func copyPartition(
        _ name: String, _ progress: (Int) -> Void
    ) throws(BackupFailure) -> BackupManifest.File? {
        guard let file = try CopySource(logFolder + "/" + name) else { return nil }
        var bytes = try file.bytes()
        if name == Self.stem(name) { bytes = try file.bytesOfWholeLines(upTo: bytes) }
        let path = BackupFiles.logFolder + "/" + name
        guard bytes > 0 else { return BackupManifest.File(path: path, bytes: 0, sha256: "") }
        let copy = try CopyTarget(target + "/" + path)
        let hash = try file.copy(bytes: bytes, to: copy, progress)
        try copy.close()
        return BackupManifest.File(path: path, bytes: bytes, sha256: hash)
    }

    private struct Header: Decodable {
        let log_id: String
    }

    /// What the copy says of itself.
    private func described() throws(BackupFailure) -> (logID: String, lastID: EventID) {
        do throws(LogError) {
            let log = try EventLog.readOnlySnapshot(folder: target + "/" + BackupFiles.logFolder)
            var start = try log.lines(after: .none)
            let chunk = try start.next()
            let first = (chunk?.bytes ?? []).prefix { $0 != 0x0A }
            let header = try? JSONDecoder().decode(Header.self, from: Data(first))
            var last = EventID.none
            var cursor = try log.linesBackward(before: .last)
            while last == .none, let chunk = try cursor.next() {
                chunk.forEachLine(newestFirst: true) { range in
                    last = EventEnvelope.id(of: chunk.bytes.span.extracting(range)) ?? .none
                    return last == .none
                }
            }
            return (header?.log_id ?? "", last)
        } catch {
            throw BackupFailure(error.description, hint: "look at the disk")
        }
    }
}
