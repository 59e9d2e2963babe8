internal import Foundation
internal import Retention
internal import Synchronization

/// How much room there is on the disk of a data folder, and what follows from it.
public final class DiskSpace: Sendable {
    public enum Pressure: Int, Comparable, Sendable {
        case none
        /// Partitions are sealed and removed early.
        case low
        /// No more events are taken.
        case full

        init(_ freeBytes: Int64, _ disk: RetentionPolicy.Disk) {
            self =
                freeBytes < disk.freeBytesRefused
                ? .full : freeBytes < disk.freeBytesMin ? .low : .none
        }

        public static func < (left: Pressure, right: Pressure) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    public struct Report: Equatable, Sendable {
        /// Nil until it was measured.
        public internal(set) var freeBytes: Int64?
        /// Of all that the data folder holds; nil until it was measured.
        public internal(set) var folderBytes: Int64?
        public internal(set) var pressure = Pressure.none
    }

    private let state = Mutex(Report())

    public init() {}

    public var report: Report { state.withLock { $0 } }

    /// - Returns: the pressure until now.
    func update(freeBytes: Int64, _ disk: RetentionPolicy.Disk) -> Pressure {
        state.withLock { state in
            defer { state.pressure = Pressure(freeBytes, disk) }
            state.freeBytes = freeBytes
            return state.pressure
        }
    }

    func update(folderBytes: Int64) {
        state.withLock { $0.folderBytes = folderBytes }
    }
}

/// Sizes as the file system tells them.
enum FileSizes {
    /// What is free for whoever runs this, on the disk of a folder.
    static func freeBytes(at path: String) throws(RetentionFailure) -> Int64 {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else {
            throw RetentionFailure("cannot measure the disk of \(path): error \(errno)")
        }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    /// Of a file; nil where there is none.
    static func bytes(of path: String) -> Int64? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        return Int64(status.st_size)
    }

    /// Of everything in a folder and in the folders within it.
    static func bytes(in folder: String) -> Int64 {
        guard let names = FileManager.default.enumerator(atPath: folder) else { return 0 }
        var bytes: Int64 = 0
        for case let name as String in names { bytes += Self.bytes(of: folder + "/" + name) ?? 0 }
        return bytes
    }
}
