import EventLog
import Sealing
import Testing
import TimeSeries

/// Damage is named, and costs no more than what is damaged.
@Suite struct `A damaged sealed partition` {
    private let folder: ScratchFolder
    private let damage = Damage()
    private let name = sealedName(1)
    private let all = Array(UInt64(1)...180)

    init() throws {
        folder = try ScratchFolder()
        try folder.makeSealedLog(partitions: 3)
    }

    private func change(_ body: (inout [UInt8], SeekTable) -> Void) throws {
        let table = try #require(try folder.table(of: name))
        var bytes = try folder.bytes(of: name)
        body(&bytes, table)
        try folder.write(bytes, to: name)
    }

    /// The ids that stand in a frame, before it is damaged.
    private func ids(in frame: SeekTable.Frame) throws -> [UInt64] {
        let bytes = Array(try folder.bytes(of: name)[frame.place])
        let content = Zstd.bytes(of: bytes.span, count: frame.content.count)
        let lines = try #require(content).split(separator: UInt8(ascii: "\n"))
        return lines.compactMap { line in
            let text = String(decoding: line.prefix(30), as: UTF8.self)
            return text.hasPrefix("{\"id\":")
                ? UInt64(text.dropFirst(6).prefix { $0.isNumber }) : nil
        }
    }

    @Test(arguments: [0, 1, 2, 3])
    func `gives all lines but those of the frame, and names it once`(number: Int) throws {
        let table = try #require(try folder.table(of: name))
        let frame = table.frames[min(number, table.frames.count - 1)]
        let lost = try ids(in: frame)
        #expect(!lost.isEmpty)
        try change { bytes, _ in
            bytes[frame.place.lowerBound + frame.place.count / 2] ^= 0x10
        }
        let (log, report) = try EventLog.open(folder, damage)
        #expect(report.damage.isEmpty && damage.spans.isEmpty)
        let left = all.filter { !lost.contains($0) }
        for _ in 0..<2 {
            #expect(try log.snapshot().ids() == left)
            #expect(try log.snapshot().idsBackward() == left.reversed())
        }
        for id in UInt64(0)...61 {
            #expect(try log.snapshot().ids(after: id) == left.filter { $0 > id })
            #expect(try log.snapshot().idsBackward(before: id).first == left.last { $0 < id })
        }
        #expect(damage.spans.map(\.fileName) == [name])
        #expect(damage.spans.map(\.range) == [frame.place])
    }

    @Test func `whose frames changed places is not believed`() throws {
        try change { bytes, table in
            let (one, two) = (table.frames[1], table.frames[2])
            let (first, second) = (Array(bytes[one.place]), Array(bytes[two.place]))
            bytes.replaceSubrange(one.place.lowerBound..<two.place.upperBound, with: second + first)
        }
        let (log, _) = try EventLog.open(folder, damage)
        let ids = try log.snapshot().ids()
        #expect(ids == ids.sorted() && ids.count < all.count)
        #expect(Array(ids.suffix(120)) == Array(61...180))
        #expect(!damage.spans.isEmpty)
    }

    @Test func `that was cut short gives what is whole, and names the rest`() throws {
        let size = try folder.bytes(of: name).count
        let table = try #require(try folder.table(of: name))
        for length in stride(from: 0, to: size, by: 97) {
            try change { bytes, _ in bytes.removeLast(bytes.count - length) }
            defer { try? folder.makeSealedLog(partitions: 3) }
            let (log, report) = try EventLog.open(folder, damage)
            let whole = table.frames.count { $0.place.upperBound <= length }
            let ids = try log.snapshot().ids()
            #expect(Array(ids.suffix(120)) == Array(61...180), "\(length) bytes")
            #expect(ids.count == 120 || whole > 0)
            #expect(whole < table.frames.count || ids == all)
            let end = report.damage.last?.range.upperBound ?? length
            #expect(end == length)
            #expect(log.lastID == EventID(180))
        }
    }

    @Test func `without its table is read frame by frame`() throws {
        try change { bytes, _ in bytes[bytes.count - 1] ^= 0xFF }
        let (log, report) = try EventLog.open(folder, damage)
        #expect(try log.snapshot().ids() == all)
        #expect(report.damage.map(\.fileName) == [name])
    }

    @Test func `without its index is searched`() throws {
        try change { bytes, table in
            bytes[(table.lastSkipped?.upperBound ?? 1) - 1] ^= 0xFF
        }
        let (log, _) = try EventLog.open(folder, damage)
        for id in UInt64(0)...181 {
            #expect(try log.snapshot().ids(after: id) == all.filter { $0 > id })
            #expect(try log.snapshot().idsBackward(before: id) == all.filter { $0 < id }.reversed())
        }
    }

    @Test func `that is none leaves the others readable`() throws {
        let texts = [[], Array("no frames".utf8), zeros(100_000), Array(repeating: 0x28, count: 9)]
        for bytes in texts {
            try folder.write(bytes, to: name)
            let (log, report) = try EventLog.open(folder, damage)
            #expect(try log.snapshot().ids() == Array(61...180))
            #expect(try log.snapshot().idsBackward() == Array((61...180).reversed()))
            #expect(report.damage.map(\.range) == (bytes.isEmpty ? [] : [0..<bytes.count]))
        }
    }

    @Test func `that is a bomb is not inflated`() throws {
        let zeros = zeros(SeekTable.contentBytesMax + 1)
        let frame = ZstdCompressor(level: 1).frame(of: zeros.span)
        var table = SeekTable()
        table.append(compressed: frame.count, decompressed: 1 << 20, checksum: 0)
        for bytes in [frame, frame + table.bytes] {
            try folder.write(bytes, to: name)
            let (log, report) = try EventLog.open(folder, damage)
            #expect(try log.snapshot().ids() == Array(61...180))
            #expect(report.damage.count + damage.spans.count > 0)
        }
    }

    @Test func `with the lines of another is no lie to those who read the others`() throws {
        try folder.write(try folder.bytes(of: sealedName(61)), to: name)
        let (log, _) = try EventLog.open(folder, damage)
        for id in UInt64(61)...180 {
            let after = try log.snapshot().ids(after: id)
            #expect(after.suffix(Int(180 - id)) == Array((id + 1)..<181)[...])
        }
        #expect(log.lastID == EventID(180))
    }
}
