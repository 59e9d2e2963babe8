import EventLog
import Foundation
import Sealing
import Testing
import TimeSeries

@Suite struct `A sealed partition` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// Lines of all sizes, ids with gaps, in partitions of which the last is plain.
    private func writeLog(_ random: inout SplitMix64) throws -> [UInt64] {
        var (next, last): (UInt64, UInt64) = (1, 0)
        var ids: [UInt64] = []
        for _ in 0..<3 {
            var bytes = header(afterID: last)
            let name = fileName(firstID: next)
            for _ in 0..<40 {
                let size = random.pick([300...900, 300...900, 300...900, 10_000...90_000])
                bytes += line(next, bytes: .random(in: size, using: &random))
                ids.append(next)
                last = next
                next += random.isOnce(in: 4) ? UInt64.random(in: 2...9, using: &random) : 1
            }
            try folder.write(bytes, to: name)
        }
        return ids
    }

    @Test(arguments: seeds(3, long: 60))
    func `is read as the plain one was, from any place, either way`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let ids = try writeLog(&random)
        let log = try EventLog.open(folder).log
        let plain = try log.snapshot().bytes()
        let before = log.snapshot()
        try log.sealAll(frameBytes: random.pick([16_384, 70_000, 1 << 20]))
        #expect(try folder.names.count { $0.hasSuffix(".zst") } == 2)
        #expect(try folder.names.count == 3)
        // Small enough that frames are read again and again.
        let again = try EventLog.open(folder, cacheBytes: random.pick([0, 100_000]), Damage()).log
        let readOnly = try EventLog.readOnlySnapshot(folder: folder.path)
        for snapshot in [before, log.snapshot(), again.snapshot(), readOnly] {
            #expect(try snapshot.bytes() == plain)
            #expect(try snapshot.idsBackward() == ids.reversed())
            for id in 0...((ids.last ?? 0) + 1) where random.isOnce(in: 8) || id < 3 {
                #expect(try snapshot.ids(after: id) == ids.filter { $0 > id })
                #expect(try snapshot.idsBackward(before: id) == ids.filter { $0 < id }.reversed())
            }
        }
        #expect(again.lastID.value == ids.last)
        #expect(again.logID == "log")
    }

    @Test func `costs one frame to find any line of it`() throws {
        try folder.makeSealedLog(partitions: 3)
        for id in UInt64(1)...120 {
            let log = try EventLog.open(folder).log
            var cursor = try log.snapshot().lines(after: EventID(id - 1))
            let chunk = try #require(try cursor.next())
            #expect(chunk.ids.contains(id))
            #expect(log.framesRead == 1, "line \(id)")
        }
    }

    @Test func `opens without a frame being read`() throws {
        try folder.makeSealedLog(partitions: 4)
        #expect(try EventLog.open(folder).log.framesRead == 0)
    }

    @Test func `keeps as many frames in memory as its limit has room for`() throws {
        try folder.makeSealedLog(partitions: 2)
        for (cacheBytes, isKept) in [(1 << 20, true), (20_000, false), (0, false)] {
            let log = try EventLog.open(folder, cacheBytes: cacheBytes, Damage()).log
            _ = try log.snapshot().ids()
            let frames = log.framesRead
            #expect(frames > 1)
            _ = try log.snapshot().ids()
            #expect(log.framesRead == (isKept ? frames : 2 * frames), "\(cacheBytes)")
        }
    }

    @Test func `is never the newest one, and one that is gets a successor`() throws {
        try folder.write(header() + lines(1...9), to: fileName(firstID: 1))
        let log = try EventLog.open(folder).log
        #expect(log.sealable.isEmpty)
        try folder.makeSealedLog(partitions: 2)
        try FileManager.default.removeItem(atPath: folder.path + "/" + fileName(firstID: 61))
        let (again, report) = try EventLog.open(folder)
        #expect(report.partitions == 1 && again.lastID == EventID(60))
        var appender = try again.makeAppender()
        try appender.append(group(61...63), now: start)
        #expect(try EventLog.open(folder).log.snapshot().ids() == Array(1...63))
    }

    @Test func `does not have lines of a failed group`() throws {
        try folder.write(header() + lines(1...5) + lines(6...8), to: fileName(firstID: 1))
        try folder.write(header(afterID: 5) + lines(9...10), to: fileName(firstID: 9))
        let log = try EventLog.open(folder).log
        try log.sealAll()
        #expect(try log.snapshot().ids() == [1, 2, 3, 4, 5, 9, 10])
        let (again, report) = try EventLog.open(folder)
        #expect(report.burned.isEmpty)
        #expect(try again.snapshot().ids() == [1, 2, 3, 4, 5, 9, 10])
    }

    @Test func `is read by zstd's own tools`() throws {
        try folder.makeSealedLog(partitions: 2)
        let path = folder.path + "/" + sealedName(1)
        let tested = try run("zstd", ["-t", path])
        #expect(tested.status == 0)
        let plain = header() + (UInt64(1)...60).flatMap { line($0, bytes: 800) }
        #expect(try run("zstdcat", [path]).output == plain)
    }

    private func run(
        _ tool: String, _ arguments: [String]
    ) throws -> (status: Int32, output: [UInt8]) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, [UInt8](bytes))
    }
}

extension LogSnapshot {
    fileprivate func bytes() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var cursor = try lines(after: .none)
        while let chunk = try cursor.next() { bytes += chunk.bytes }
        return bytes
    }
}
