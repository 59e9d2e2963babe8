/// Where a run's lines come from.
protocol LineSource {
    /// Lends the next lines, at most `lines` of them, as one piece; none at the end.
    mutating func withNext(lines: Int, _ use: (UnsafeRawBufferPointer, _ lines: Int) -> Void)
}

/// The lines of a file, each once: sent twice they would be duplicates.
struct FileLines: LineSource {
    private let file: InputFile
    private var position = 0

    init(_ file: InputFile) {
        self.file = file
    }

    mutating func withNext(lines: Int, _ use: (UnsafeRawBufferPointer, _ lines: Int) -> Void) {
        let (end, found) = file.end(ofLines: lines, from: position)
        let piece = UnsafeRawBufferPointer(rebasing: file.bytes[position..<end])
        position = end
        use(piece, found)
    }
}

/// Events made when they are wanted, without end.
struct FreshEvents: LineSource {
    /// A million of them take a second of the events' own time, so they are always in the past
    /// and close to now.
    static let perSecondMax = 1_000_000.0

    private var stream: EventStream
    private var ndjson = ByteWriter(capacity: 1 << 16)

    /// - Parameter seed: another in each run, else the second run's events are duplicates.
    init(perSecond: Double, seed: UInt64) {
        let now = Moment.now()
        stream = EventStream(
            Scenario(
                seed: seed, count: .max, startMilliseconds: Double(now.milliseconds),
                eventsPerSecond: perSecond, isShort: true))
    }

    mutating func withNext(lines: Int, _ use: (UnsafeRawBufferPointer, _ lines: Int) -> Void) {
        ndjson.clear()
        for _ in 0..<lines { stream.writeLine(into: &ndjson) }
        ndjson.bytes.withUnsafeBytes { use($0, lines) }
    }
}
