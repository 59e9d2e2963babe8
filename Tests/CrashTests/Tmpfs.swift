import Foundation
import ServerSupport
import TestSupport

/// A small real file system of its own, unmounted with the value that holds it.
final class Tmpfs: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Root may mount; in a container often not even root.
    static let isPermitted = (try? Tmpfs(size: "64k")) != nil

    private let folder: TemporaryFolder

    /// - Parameter size: as `mount` takes it: 2m.
    init(size: String) throws {
        folder = try TemporaryFolder()
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(size)") == 0 else {
            throw Failure(description: String(cString: strerror(errno)))
        }
    }

    deinit {
        umount2(folder.path, Int32(MNT_DETACH))
    }

    var path: String { folder.path }

    func makeReadOnly() throws {
        let flags = UInt(MS_REMOUNT | MS_RDONLY)
        guard mount("tmpfs", path, "tmpfs", flags, nil) == 0 else {
            throw Failure(description: String(cString: strerror(errno)))
        }
    }

    /// Writes a file until there is no more room.
    func fill(_ name: String) throws {
        let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else { throw Failure(description: String(cString: strerror(errno))) }
        defer { close(file) }
        let zeros = [UInt8](repeating: 0, count: 4_096)
        while write(file, zeros, zeros.count) > 0 {}
        guard errno == ENOSPC else {
            throw Failure(description: String(cString: strerror(errno)))
        }
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path + "/" + name)
    }
}
