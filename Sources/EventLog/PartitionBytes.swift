internal import Sealing

/// A partition's bytes by their place in its plain file, however they lie on the disk.
struct PartitionBytes: Sendable {
    private enum Form: Sendable {
        case plain(File)
        case sealed(SealedFile, File, FrameCache)
    }

    private let form: Form
    /// The last frame that was read: readers go on where they were.
    private var frame: (number: Int, content: [UInt8])?

    init(plain file: File) {
        form = .plain(file)
    }

    init(sealed: SealedFile, _ frames: FrameCache) throws(LogError) {
        form = .sealed(sealed, try File(sealed.path, .read), frames)
    }

    /// Reads up to `count` bytes from a place; fewer only at the end.
    mutating func read(
        at offset: Int, count: Int, into buffer: inout [UInt8]
    ) throws(LogError) {
        switch form {
        case .plain(let file): try file.read(at: offset, count: count, into: &buffer)
        case .sealed(let sealed, let file, let frames):
            buffer.removeAll(keepingCapacity: true)
            buffer.reserveCapacity(min(count, max(0, sealed.table.contentBytes - offset)))
            while buffer.count < count,
                let number = sealed.table.frame(at: offset + buffer.count)
            {
                let start = offset + buffer.count - sealed.table.frames[number].content.lowerBound
                let content = try content(of: number, sealed, file, frames)
                buffer += content[start..<min(content.count, start + count - buffer.count)]
            }
        }
    }

    /// Where a reader at `offset` best ends, or one that goes backwards from it: within one frame.
    func stretch(from offset: Int) -> Range<Int> {
        guard case .sealed(let sealed, _, _) = form, let number = sealed.table.frame(at: offset)
        else { return 0..<Int.max }
        return sealed.table.frames[number].content
    }

    /// Whether a line is known to begin at a place without a look at what is before it.
    func beginsLine(at offset: Int) -> Bool {
        guard case .sealed(let sealed, _, _) = form, let index = sealed.index,
            let number = sealed.table.frame(at: offset)
        else { return false }
        return index.firstIDs[number] != 0
            && sealed.table.frames[number].content.lowerBound == offset
    }

    private mutating func content(
        of number: Int, _ sealed: SealedFile, _ file: File, _ frames: FrameCache
    ) throws(LogError) -> [UInt8] {
        if let frame, frame.number == number { return frame.content }
        let content = try frames.content(of: number, sealed, file)
        frame = (number, content)
        return content
    }
}
