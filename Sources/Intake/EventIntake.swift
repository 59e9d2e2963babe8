public import EventFormats
internal import EventLine
internal import StrictJSON
public import TimeSeries

/// Accepts or refuses an event: decode, redact, validate, cap, and make its line.
///
/// Pure: the clock's reading comes in as an argument. It keeps its buffers, so use one for many
/// events; it is a value, so every request has its own.
public struct EventIntake: Sendable {
    public struct Limits: Sendable {
        /// Bytes of one event as it came.
        public var eventBytesMax = 16 << 20
        /// Bytes of an id, an app's name or a type, as UTF-8.
        public var nameBytesMax = 256
        /// How far ahead of the server's clock an event's time may be.
        public var timestampAheadMillisecondsMax: Int64 = 10 * 60_000
        /// What is kept of a string in an event's data and other members, as UTF-8; 0 keeps all of it.
        public var stringBytesMax = 0
        public var decoder = EventDecoder.Limits()

        public init() {}
    }

    /// What the request says about all its events.
    public struct Context: Sendable {
        public let now: Timestamp
        /// `?source_app=`: the app of raw hook input.
        public let sourceApp: String?

        public init(now: Timestamp, sourceApp: String? = nil) {
            self.now = now
            self.sourceApp = sourceApp
        }

        fileprivate func redacted(by redactor: Redactor) -> Context {
            guard let sourceApp, let clean = redactor.redact(text: sourceApp) else { return self }
            return Context(now: now, sourceApp: clean)
        }
    }

    private let limits: Limits
    private let redactor: Redactor
    private let keys: EventKeys
    private var decoder: EventDecoder
    private var event = DecodedEvent()
    private var builder = LineBuilder()

    public init(limits: Limits = Limits(), redactor: Redactor, keys: EventKeys) {
        self.limits = limits
        self.redactor = redactor
        self.keys = keys
        decoder = EventDecoder(limits: limits.decoder)
    }

    /// Which dialect the event spoke that was taken or refused last; nil where it was no object.
    public var dialect: Dialect? { event.dialect }

    /// Takes one event into the batch, or says why not.
    public mutating func take(
        _ range: Range<Int>, of bytes: Span<UInt8>, _ context: Context, into batch: inout EventBatch
    ) throws(EventFault) {
        guard range.count <= limits.eventBytesMax else {
            throw EventFault(.eventTooLarge, "larger than \(limits.eventBytesMax) bytes")
        }
        try decoder.decode(range, of: bytes, into: &event)
        if redactor.suspects(
            range, of: bytes, hidesASCII: event.hidesASCII, hasEscapes: event.hasEscapes),
            let clean = redactor.redact(range, of: bytes)
        {
            let range = 0..<clean.bytes.count
            try decoder.decode(range, of: clean.bytes.span, into: &event)
            try capAndMakeLine(range, of: clean.bytes.span, context, clean.counts, &batch)
        } else {
            try capAndMakeLine(range, of: bytes, context, [], &batch)
        }
    }

    /// An event that is no longer than a string may be has none that is too long.
    private mutating func capAndMakeLine(
        _ range: Range<Int>, of bytes: Span<UInt8>, _ context: Context, _ redactions: [Redaction],
        _ batch: inout EventBatch
    ) throws(EventFault) {
        var notes = IntakeNotes(redactions: redactions)
        guard limits.stringBytesMax > 0, range.count > limits.stringBytesMax else {
            return try makeLine(of: bytes, context, notes, &batch)
        }
        var cap = StringCap(bytesMax: limits.stringBytesMax, range)
        guard cap.run(event, range, bytes) else {
            return try makeLine(of: bytes, context, notes, &batch)
        }
        try decoder.decode(0..<cap.output.count, of: cap.output.span, into: &event)
        notes.capped = cap.capped
        try makeLine(of: cap.output.span, context, notes, &batch)
    }

    private mutating func makeLine(
        of bytes: Span<UInt8>, _ context: Context, _ notes: IntakeNotes, _ batch: inout EventBatch
    ) throws(EventFault) {
        let context = context.redacted(by: redactor)
        let time = try EventTime(event, bytes, context.now, limits)
        let fields = try EventFields(event, bytes, context, limits)
        builder.append(event, bytes, fields, time, notes, now: context.now, keys, to: &batch)
    }
}
