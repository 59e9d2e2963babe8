public import TimeSeries

/// How much of each session's transcript is in the log, so that only what is new is written.
///
/// Where it does not know, or no longer, a transcript is written once more from its first message: correct,
/// only larger.
public struct TranscriptWindow: Sendable {
    public struct Limits: Sendable {
        /// Sessions that are remembered, those seen last.
        public var sessionsMax = 16_384
        /// After so long a transcript is begun anew, so that its lines are removed together.
        public var ageMillisecondsMax: Int64 = 24 * 3_600_000
        /// A transcript in more lines is begun anew: each is looked for when it is put together.
        public var linesMax = 256

        public init() {}
    }

    /// Where the messages of an event go on.
    public struct Place: Equatable, Sendable {
        /// How many are in the log already.
        public let from: Int
        /// The line with the last of those.
        public let previous: EventID?

        public init(from: Int, previous: EventID?) {
            self.from = from
            self.previous = previous
        }
    }

    private struct Known {
        var count: Int
        /// What these messages are known by.
        var chain: KeyedHash.Value
        var line: EventID
        var lines: Int
        let begun: Timestamp
    }

    private let limits: Limits
    private var sessions: [KeyedHash.Value: Known] = [:]

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    public var count: Int { sessions.count }

    /// Says where a transcript goes on, and remembers it as written in this line.
    public mutating func add(
        _ transcript: EventBatch.Transcript, in line: EventID, at moment: Timestamp
    ) -> Place {
        guard let chain = transcript.chains.last else { return Place(from: 0, previous: nil) }
        if var known = sessions[transcript.session], goesOn(transcript, known, moment) {
            let place = Place(from: known.count, previous: known.line)
            (known.count, known.chain, known.line) = (transcript.count, chain, line)
            known.lines += 1
            sessions[transcript.session] = known
            return place
        }
        insert(
            Known(count: transcript.count, chain: chain, line: line, lines: 1, begun: moment),
            transcript.session)
        return Place(from: 0, previous: nil)
    }

    /// Remembers a line of the log; they come in its order.
    public mutating func restore(_ messages: TranscriptMessages, _ keys: EventKeys) {
        var known: Known
        if messages.from == 0 {
            known = Known(
                count: 0, chain: .none, line: messages.line, lines: 0, begun: messages.time)
        } else if let before = sessions[messages.session], before.count == messages.from,
            before.line == messages.previous
        {
            known = before
        } else {
            sessions[messages.session] = nil
            return
        }
        for message in messages.messages { known.chain = keys.chain(known.chain, message) }
        known.count += messages.messages.count
        known.line = messages.line
        known.lines += 1
        insert(known, messages.session)
    }

    /// Forgets what was written in this line or a later one: their group never became durable.
    public mutating func removeAll(from line: EventID) {
        sessions = sessions.filter { $0.value.line < line }
    }

    private func goesOn(
        _ transcript: EventBatch.Transcript, _ known: Known, _ moment: Timestamp
    ) -> Bool {
        known.count <= transcript.count && known.lines < limits.linesMax
            && moment.milliseconds - known.begun.milliseconds <= limits.ageMillisecondsMax
            && transcript.chains[known.count - 1] == known.chain
    }

    private mutating func insert(_ known: Known, _ session: KeyedHash.Value) {
        sessions[session] = known
        guard sessions.count > limits.sessionsMax else { return }
        let kept = sessions.sorted { $0.value.line > $1.value.line }
            .prefix(max(1, limits.sessionsMax * 3 / 4))
        sessions = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
