internal import Foundation

/// What a backup consists of. It is written last, so a backup without it is none.
struct BackupManifest: Codable {
    struct File: Codable {
        /// Below the backup's folder.
        let path: String
        let bytes: Int
        let sha256: String
    }

    static let fileName = "manifest.json"
    static let newestFormat = 1
    /// A data folder has a partition an hour or so: enough for a hundred years.
    private static let bytesMax = 256 << 20

    var format = newestFormat
    /// The version of the program that made it.
    let tidemark: String
    let created_at: String
    let log_id: String
    /// The newest line that is in it.
    let last_id: String
    let files: [File]

    init(
        version: String, createdAt: String, logID: String, lastID: String, files: [File]
    ) {
        tidemark = version
        created_at = createdAt
        log_id = logID
        last_id = lastID
        self.files = files
    }

    /// The manifest of a finished backup.
    init(in folder: String) throws(BackupFailure) {
        let path = folder + "/" + Self.fileName
        guard let data = FileManager.default.contents(atPath: path) else {
            throw BackupFailure(
                "\(folder) is no finished backup: it has no \(Self.fileName)",
                hint: "that is written last, so a backup that was cut short has none: make another")
        }
        guard data.count <= Self.bytesMax,
            let manifest = try? JSONDecoder().decode(BackupManifest.self, from: data)
        else {
            throw BackupFailure("\(path) is damaged", hint: "take another backup")
        }
        guard manifest.format <= Self.newestFormat else {
            throw BackupFailure(
                "\(path) has format \(manifest.format), this version knows \(Self.newestFormat)",
                hint: "use the newer tidemark that wrote it")
        }
        for file in manifest.files where !Self.isOurs(file.path) {
            throw BackupFailure(
                "\(path) names a file that no backup has", hint: "take another backup")
        }
        self = manifest
    }

    func write(to folder: String) throws(BackupFailure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            throw BackupFailure("the manifest cannot be written", hint: "report this")
        }
        let path = folder + "/" + Self.fileName
        let file = try CopyTarget(path + ".new")
        try file.write(Array(data) + [0x0A])
        try file.close()
        try BackupFiles.rename(path + ".new", to: path)
    }

    /// A manifest may come from elsewhere: no file of it may be written outside of the folder.
    private static func isOurs(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let name = parts.last ?? ""
        guard parts.count == 1 || parts.count == 2 && parts[0] == BackupFiles.logFolder else {
            return false
        }
        return !name.isEmpty && !name.hasPrefix(".") && name != "LOCK"
            && name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
