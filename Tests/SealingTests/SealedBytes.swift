import Sealing

/// A sealed file in memory, made as the log makes one.
struct SealedBytes {
    private(set) var bytes: [UInt8] = []
    private(set) var contents: [[UInt8]] = []

    init(_ plain: [UInt8], level: Int = 1, frameBytes: Int = 16_384) {
        var options = SealWriter.Options()
        (options.level, options.frameBytes) = (level, frameBytes)
        var writer = SealWriter(
            options, SealWriter.LineReading(id: Self.id, isWhole: { _ in true }))
        var start = 0
        while start < plain.count {
            let window = Array(plain[start...].prefix(frameBytes))
            let isRest = start + window.count == plain.count
            let end = SealWriter.frameEnd(in: window.span, isRest: isRest)
            contents.append(Array(window[..<end]))
            bytes += writer.frame(of: window.span.extracting(0..<end))
            start += end
        }
        bytes += writer.finish()
    }

    /// The number before a colon.
    private static func id(_ line: Span<UInt8>) -> UInt64? {
        var text = ""
        for place in line.indices where line[place] != UInt8(ascii: ":") || !text.isEmpty {
            if line[place] == UInt8(ascii: ":") { break }
            text.unicodeScalars.append(Unicode.Scalar(line[place]))
        }
        return UInt64(text)
    }

    var table: SeekTable? { Self.table(bytes) }

    /// As a reader finds it.
    static func table(_ bytes: [UInt8]) -> SeekTable? {
        let footer = Array(bytes.suffix(SeekTable.footerBytes))
        guard let length = SeekTable.length(footer: footer.span, fileBytes: bytes.count) else {
            return nil
        }
        return SeekTable(Array(bytes.suffix(length)).span, fileBytes: bytes.count)
    }

    var index: SealIndex? {
        guard let table, let place = table.lastSkipped else { return nil }
        return SealIndex(Array(bytes[place]).span, frames: table.frames.count)
    }

    func content(of frame: SeekTable.Frame) -> [UInt8]? {
        Zstd.bytes(of: Array(bytes[frame.place]).span, count: frame.content.count)
    }
}

/// `12:some text⏎`, ids from 1 on, after a header.
func sampleLines(_ count: UInt64, _ random: inout SplitMix64, longest: Int = 2_000) -> [UInt8] {
    var bytes = Array("header\n".utf8)
    for id in 1...max(count, 1) where id <= count {
        let length = Int.random(in: 0...longest, using: &random)
        let words = (0..<(length / 6)).map { _ in random.pick(["error", "build", "tests", "value"])
        }
        bytes += Array("\(id):\(words.joined(separator: " "))\n".utf8)
    }
    return bytes
}
