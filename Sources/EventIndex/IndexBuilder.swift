internal import EventLine
public import TimeSeries

/// Makes the chapters of the index out of lines, in the order of the log.
///
/// A chapter is finished by the first line that is not part of it, and never changes again: what the last
/// lines of the log hold is known by reading them. One that begins after a chapter goes on exactly as the
/// one that made it.
public struct IndexBuilder: Sendable {
    public struct Limits: Sendable {
        /// Values of one field in one chapter. Where there are more, none of them can be found by the
        /// index in it, and it is read for all.
        public var chapterValuesMax = 512
        /// Values that are remembered from one chapter to the next, to be recognised faster.
        public var knownValuesMax = 16_384

        public init() {}
    }

    /// Finished, and not yet taken.
    private var finished: [IndexChapter] = []
    private var open: OpenChapter?
    private var lastID: EventID
    private var volume: Volume?
    private var values = ValueTable()
    private let limits: Limits

    struct Volume: Sendable {
        let firstID: EventID
        let partition: EventID
        let number: Int
    }

    /// - Parameter end: where the index that is continued ends.
    public init(after end: IndexEnd? = nil, limits: Limits = Limits()) {
        self.limits = limits
        lastID = end?.lastID ?? .none
        volume = end.map {
            Volume(
                firstID: $0.volume, partition: $0.partition,
                number: $0.offset / IndexScale.volumeBytes)
        }
    }

    /// The last line that is taken in.
    public var position: EventID { open?.lastID ?? lastID }

    /// The chapters that were finished since the last time.
    public mutating func take() -> [IndexChapter] {
        defer { finished = [] }
        return finished
    }
}

// MARK: Lines in

extension IndexBuilder {
    /// Takes in lines that stand side by side. Those that were taken in before, or that have no id, are
    /// passed over.
    /// - Parameters:
    ///   - starts: where in `bytes` each line starts, and where the last one ends.
    ///   - place: of the first of `bytes`.
    public mutating func add(_ bytes: Span<UInt8>, starts: ArraySlice<Int>, at place: LinePlace) {
        guard let first = starts.first else { return }
        // Lines whose checksum is taken at once.
        var run = first..<first
        for next in starts.dropFirst() {
            let line = run.upperBound..<next
            let span = bytes.extracting(line)
            guard let id = EventEnvelope.id(of: span), id > position else {
                finishRun(bytes, &run, upTo: next)
                continue
            }
            let offset = place.offset + line.lowerBound
            if beginsBlock(at: offset, place.partition) {
                finishRun(bytes, &run, upTo: line.lowerBound)
                begin(id, LinePlace(partition: place.partition, offset: offset))
            }
            run = run.lowerBound..<next
            add(span, id, end: place.offset + next)
        }
        finishRun(bytes, &run, upTo: run.upperBound)
    }

    private mutating func finishRun(_ bytes: Span<UInt8>, _ run: inout Range<Int>, upTo end: Int) {
        if !run.isEmpty { open?.add(bytes.extracting(run)) }
        run = end..<end
    }

    private func beginsBlock(at offset: Int, _ partition: EventID) -> Bool {
        guard let open, open.partition == partition, open.end == offset else { return true }
        return open.lastBlock != offset / IndexScale.blockBytes
    }

    private mutating func begin(_ id: EventID, _ place: LinePlace) {
        let chapter = place.offset / IndexScale.chapterBytes
        if open?.takes(chapter, at: place) != true {
            finishChapter()
            open = OpenChapter(volume: volume(of: id, place), place, id)
        }
        open?.beginBlock(at: place.offset, id)
    }

    private mutating func volume(of id: EventID, _ place: LinePlace) -> EventID {
        let number = place.offset / IndexScale.volumeBytes
        if let volume, volume.partition == place.partition, volume.number == number {
            return volume.firstID
        }
        volume = Volume(firstID: id, partition: place.partition, number: number)
        return id
    }

    private mutating func finishChapter() {
        guard let chapter = open?.finished(&values, limits) else { return }
        lastID = chapter.lastID
        finished.append(chapter)
        open = nil
        if values.count > limits.knownValuesMax { values = ValueTable() }
    }
}

// MARK: One line

extension IndexBuilder {
    private mutating func add(_ line: Span<UInt8>, _ id: EventID, end: Int) {
        open?.end = end
        open?.lastID = id
        guard let envelope = EventEnvelope(line) else { return }
        open?.add(envelope.timestamp)
        add(.sessionID, envelope.sessionID, line, id)
        add(.sourceApp, envelope.sourceApp, line, id)
        add(.type, envelope.type, line, id)
        if let agentID = envelope.agentID { add(.agentID, agentID, line, id) }
    }

    private mutating func add(
        _ field: IndexedField, _ token: Range<Int>, _ line: Span<UInt8>, _ id: EventID
    ) {
        let number = values.number(of: field, saying: token, of: line)
        open?.add(number, &values, id)
    }
}
