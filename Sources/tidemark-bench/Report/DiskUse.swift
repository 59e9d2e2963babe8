import Foundation

/// How much of a disk the files of a folder take, as `du` tells it. Files that go meanwhile do not
/// count.
func diskUse(of folder: String) throws -> Int {
    try FileManager.default.subpathsOfDirectory(atPath: folder).reduce(0) { bytes, path in
        var status = stat()
        guard lstat("\(folder)/\(path)", &status) == 0 else { return bytes }
        return bytes + Int(status.st_blocks) * 512
    }
}
