import EventLog
import Sealing
import Synchronization
import TimeSeries

extension EventLog {
    /// Seals whatever can be, in frames so small that a few lines fill one.
    @discardableResult
    func sealAll(level: Int = 1, frameBytes: Int = 16_384) throws -> [SealedPartition] {
        var options = SealWriter.Options()
        (options.level, options.frameBytes) = (level, frameBytes)
        return try sealable.compactMap { try seal($0, options) }
    }

    static func open(
        _ folder: ScratchFolder, cacheBytes: Int = 1 << 20, _ damage: Damage
    ) throws -> (log: EventLog, report: RecoveryReport) {
        var limits = Limits()
        limits.frameCacheBytesMax = cacheBytes
        return try open(
            folder: folder.path, limits: limits, damageListener: damage.listener,
            makeLogID: { "log" })
    }
}

/// What a log told of damage.
final class Damage: Sendable {
    private let state = Mutex<[DamagedSpan]>([])

    var spans: [DamagedSpan] { state.withLock { $0 } }

    var listener: DamageListener {
        { [self] span in state.withLock { $0.append(span) } }
    }
}

extension ScratchFolder {
    /// A log of partitions of 60 lines of 500 bytes and more, all sealed but the last: 1…60, 61…120, …
    func makeSealedLog(partitions: UInt64, frameBytes: Int = 16_384) throws {
        for number in 0..<partitions {
            let first = number * 60 + 1
            let lines = (first...(first + 59)).flatMap { line($0, bytes: 800) }
            try write(
                header(afterID: first - 1) + lines, to: fileName(firstID: first))
        }
        try EventLog.open(self).log.sealAll(frameBytes: frameBytes)
    }

    func table(of name: String) throws -> SeekTable? {
        let bytes = try bytes(of: name)
        let footer = Array(bytes.suffix(SeekTable.footerBytes))
        guard let length = SeekTable.length(footer: footer.span, fileBytes: bytes.count) else {
            return nil
        }
        let table = Array(bytes.suffix(length))
        return SeekTable(table.span, fileBytes: bytes.count)
    }
}

func sealedName(_ firstID: UInt64) -> String {
    fileName(firstID: firstID) + ".zst"
}
