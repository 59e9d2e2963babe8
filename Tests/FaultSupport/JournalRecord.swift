/// One record of the journal. The layout is drawn in FaultShim.h.
struct JournalRecord {
    static let magic = Array("TFJ1".utf8)
    private static let headLength = 64
    private static let trailerLength = 8

    private let bytes: ArraySlice<UInt8>
    let length: Int

    /// Nil if no whole record begins at `start`.
    init?(journal: [UInt8], at start: Int) {
        let rest = journal[start...]
        guard rest.count >= Self.headLength + Self.trailerLength, rest.starts(with: Self.magic)
        else { return nil }
        let length = Int(rest.littleEndian(at: start + 4) as UInt32)
        guard length >= Self.headLength + Self.trailerLength, length <= rest.count
        else { return nil }
        self.length = length
        bytes = rest.prefix(length)
        guard isWhole(at: start) else { return nil }
    }

    var operation: FaultOperation? {
        guard let action else { return nil }
        return FaultOperation(
            position: long(8), process: Int32(bitPattern: word(20)),
            file: FileIdentity(device: long(24), inode: long(32)),
            path: string(path), action: action)
    }

    private func isWhole(at start: Int) -> Bool {
        let trailer = bytes.endIndex - Self.trailerLength
        let isInPlace = long(8) == UInt64(start) && bytes.littleEndian(at: trailer) == UInt64(start)
        return isInPlace && data.endIndex == trailer
    }

    private var action: FaultOperation.Action? {
        switch half(16) {
        case 1: .create
        case 2: .makeDirectory
        case 3: .write(offset: Int(long(40)), bytes: Array(data))
        case 4: .truncate(size: Int(long(48)))
        case 5: sync(.data)
        case 6: sync(.full)
        case 7: .rename(to: string(second))
        case 8: .link(to: string(second))
        case 9: .unlink
        case 10: .removeDirectory
        default: nil
        }
    }

    private func sync(_ sync: FaultOperation.Sync) -> FaultOperation.Action {
        let error = ErrorNumber(rawValue: Int32(half(18)))
        if error.rawValue != 0 { return .failedSync(sync, covers: long(40), error) }
        return .sync(sync, covers: long(40), size: Int(long(48)))
    }

    private var path: ArraySlice<UInt8> {
        bytes.dropFirst(Self.headLength).prefix(Int(half(56)))
    }

    private var second: ArraySlice<UInt8> {
        bytes[path.endIndex...].prefix(Int(half(58)))
    }

    private var data: ArraySlice<UInt8> {
        bytes[second.endIndex...].prefix(Int(word(60)))
    }

    private func string(_ slice: ArraySlice<UInt8>) -> String {
        String(decoding: slice, as: UTF8.self)
    }

    private func half(_ offset: Int) -> UInt16 { bytes.littleEndian(at: bytes.startIndex + offset) }
    private func word(_ offset: Int) -> UInt32 { bytes.littleEndian(at: bytes.startIndex + offset) }
    private func long(_ offset: Int) -> UInt64 { bytes.littleEndian(at: bytes.startIndex + offset) }
}
