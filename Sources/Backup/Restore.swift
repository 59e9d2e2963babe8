internal import EventLog
internal import Foundation

/// Makes a data folder of a backup: all of it, or nothing.
///
/// Files are copied beside the new folder, each held against the manifest, and get its name together, when
/// all of them are on the disk.
public struct Restore: Sendable {
    private let backup: String
    private let target: String

    public init(of backup: String, to target: String) {
        self.backup = backup
        self.target = target.count > 1 && target.hasSuffix("/") ? String(target.dropLast()) : target
    }

    private var staging: String { target + ".restoring" }

    /// - Returns: how many files and bytes were restored.
    public func run(
        _ progress: (Int) -> Void = { _ in }
    ) throws(BackupFailure) -> (files: Int, bytes: Int) {
        let manifest = try BackupManifest(in: backup)
        guard try isFree(target) else {
            throw BackupFailure(
                "\(target) is not empty", hint: "restore into a new folder with --data")
        }
        guard BackupFiles.names(staging) == nil else {
            throw BackupFailure(
                "\(staging) is there already",
                hint: "another restore runs, or was cut short: then remove that folder")
        }
        let lock = try Self.lock(staging)
        do throws(BackupFailure) {
            try copy(manifest, progress)
            try BackupFiles.rename(staging, to: target)
        } catch {
            BackupFiles.remove(staging)
            throw error
        }
        withExtendedLifetime(lock) {}
        return (manifest.files.count, manifest.files.reduce(0) { $0 + $1.bytes })
    }

    /// Missing or empty.
    private func isFree(_ path: String) throws(BackupFailure) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return true }
        return BackupFiles.names(path)?.isEmpty ?? false
    }

    private static func lock(_ folder: String) throws(BackupFailure) -> FolderLock {
        do throws(LogError) {
            return try FolderLock(folder: folder)
        } catch {
            throw BackupFailure(
                error.description, hint: "look at the disk, its room, and who may write there")
        }
    }

    private func copy(
        _ manifest: BackupManifest, _ progress: (Int) -> Void
    ) throws(BackupFailure) {
        let log = staging + "/" + BackupFiles.logFolder
        try BackupFiles.createFolder(log)
        for file in manifest.files {
            guard let source = try CopySource(backup + "/" + file.path) else {
                throw Self.damaged(file.path, "is missing")
            }
            guard try source.bytes() == file.bytes else {
                throw Self.damaged(file.path, "has another size than the manifest says")
            }
            let copy = try CopyTarget(staging + "/" + file.path)
            guard try source.copy(bytes: file.bytes, to: copy, progress) == file.sha256 else {
                throw Self.damaged(file.path, "has other bytes than the manifest says")
            }
            try copy.close()
        }
        try BackupFiles.syncFolder(log)
        try BackupFiles.syncFolder(staging)
    }

    private static func damaged(_ path: String, _ fault: String) -> BackupFailure {
        BackupFailure(
            "the backup is damaged: \(path) \(fault)", hint: "nothing was restored; take another")
    }
}
