internal import Sealing

/// What a sealed partition's file says of itself: where its frames are and which ids they begin with.
///
/// It is read once. Lines are read frame by frame, through the `FrameCache`.
final class SealedFile: Sendable {
    let path: String
    let fileName: String
    let table: SeekTable
    let index: SealIndex?
    /// What of the file is no frame, where its table is lost.
    let damage: DamagedSpan?

    private init(_ path: String, _ table: SeekTable, _ index: SealIndex?, damage: DamagedSpan?) {
        self.path = path
        fileName = String(path.split(separator: "/").last ?? "")
        (self.table, self.index, self.damage) = (table, index, damage)
    }

    static func read(_ path: String) throws(LogError) -> SealedFile {
        let file = try File(path, .read)
        let size = try file.size()
        if let table = try table(file, size) {
            return SealedFile(path, table, try index(file, table), damage: nil)
        }
        let table = try scan(file, size)
        let rest = DamagedSpan(
            fileName: String(path.split(separator: "/").last ?? ""), range: table.end..<size)
        return SealedFile(
            path, table, try index(file, table), damage: rest.range.isEmpty ? nil : rest)
    }

    /// What a frame holds.
    /// - Returns: nil where it is damaged.
    func content(of frame: SeekTable.Frame, _ file: File) throws(LogError) -> [UInt8]? {
        let bytes = try file.bytes(frame.place)
        guard bytes.count == frame.place.count, Self.ends(bytes, with: frame.checksum) else {
            return nil
        }
        return Zstd.bytes(of: bytes.span, count: frame.content.count)
    }

    /// Frames that changed places would each be sound by itself.
    private static func ends(_ bytes: [UInt8], with checksum: UInt32?) -> Bool {
        guard let checksum else { return true }
        let last = (0..<4).map { UInt8(truncatingIfNeeded: checksum >> ($0 * 8)) }
        return bytes.suffix(4).elementsEqual(last)
    }

    private static func table(_ file: File, _ size: Int) throws(LogError) -> SeekTable? {
        let footer = try file.bytes(max(0, size - SeekTable.footerBytes)..<size)
        guard let length = SeekTable.length(footer: footer.span, fileBytes: size) else {
            return nil
        }
        let table = try file.bytes((size - length)..<size)
        return SeekTable(table.span, fileBytes: size)
    }

    /// The frames as they follow one another, up to one that is damaged.
    private static func scan(_ file: File, _ size: Int) throws(LogError) -> SeekTable {
        var scan = FrameScan()
        while scan.table.end < size {
            let start = scan.table.end
            let window = try file.bytes(start..<min(size, start + FrameScan.windowBytes))
            scan.take(all: window.span)
            if scan.table.end == start { break }
        }
        return scan.table
    }

    private static func index(_ file: File, _ table: SeekTable) throws(LogError) -> SealIndex? {
        guard let place = table.lastSkipped, place.count <= FrameScan.windowBytes else {
            return nil
        }
        let frame = try file.bytes(place)
        return SealIndex(frame.span, frames: table.frames.count)
    }
}

extension File {
    /// Fewer bytes only at the file's end.
    fileprivate func bytes(_ range: Range<Int>) throws(LogError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(at: range.lowerBound, count: range.count, into: &bytes)
        return bytes
    }
}
