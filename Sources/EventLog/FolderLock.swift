internal import Glibc

/// The data folder belongs to one process: `LOCK`, held by `flock`, with the holder's pid in it.
///
/// The kernel drops the lock when the process ends, however it ends.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Creates the folder where it is missing.
    public init(folder: String) throws(LogError) {
        try Folder.create(folder)
        let path = folder + "/LOCK"
        let file = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw LogError(errno: errno, "open", path) }
        do throws(LogError) {
            try Self.lock(file, path, folder)
        } catch {
            Glibc.close(file)
            throw error
        }
        // Set last: an object that is whole when its making fails would close the descriptor again.
        descriptor = file
    }

    deinit {
        Glibc.close(descriptor)
    }

    private static func lock(
        _ descriptor: Int32, _ path: String, _ folder: String
    ) throws(LogError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            throw LogError(.locked, "use \(folder)", "the process \(holder) holds it")
        }
        let pid = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0,
            unsafe pwrite(descriptor, pid, pid.count, 0) == pid.count
        else { throw LogError(errno: errno, "write", path) }
    }

    private static func holder(_ descriptor: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 20)
        let count = unsafe pread(descriptor, &text, text.count, 0)
        let digits = text.prefix(max(0, count)).prefix { $0 >= 0x30 && $0 <= 0x39 }
        return digits.isEmpty ? "of unknown pid" : String(decoding: digits, as: UTF8.self)
    }
}
