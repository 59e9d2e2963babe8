internal import Foundation

/// A file that is there as a whole or not at all: written beside its place, synced, then renamed.
///
/// What is no file, such as a pipe or /dev/null, keeps its place and is written to as it is.
struct OutputFile {
    private let path: String
    /// Nil where it is written in its place.
    private let draft: String?
    private let bytes: OutputBytes

    init(_ path: String) throws(CommandFailure) {
        // The file that a link stands for is replaced, not the link.
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let type = attributes?[.type] as? FileAttributeType
        guard type != .typeDirectory else {
            throw CommandFailure(message: "\(path) is a folder")
        }
        self.path = path
        draft = type == nil || type == .typeRegular ? Self.draft(of: path) : nil
        let flags = draft == nil ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC
        let descriptor = unsafe Foundation.open(draft ?? path, flags | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw OutputBytes.failure(path, errno) }
        bytes = OutputBytes(descriptor, name: path)
        // Who may read a file that is replaced may read the new one, and nobody else.
        if draft != nil, let mode = attributes?[.posixPermissions] as? NSNumber {
            fchmod(descriptor, mode.uint32Value)
        }
    }

    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        try self.bytes.write(bytes)
    }

    /// From here on the file is what was written, and lasts.
    func publish() throws(CommandFailure) {
        guard let draft else { return }
        try bytes.syncAndClose()
        guard unsafe rename(draft, path) == 0 else { throw OutputBytes.failure(path, errno) }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = unsafe Foundation.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputBytes.failure(folder, errno) }
        try OutputBytes(descriptor, name: folder).syncAndClose()
    }

    /// Leaves what was there before.
    func discard() {
        if let draft { unsafe unlink(draft) }
    }

    private static func draft(of path: String) -> String {
        let file = URL(fileURLWithPath: path)
        let process = ProcessInfo.processInfo.processIdentifier
        return file.deletingLastPathComponent().path
            + "/.\(file.lastPathComponent).\(process).partial"
    }
}
