internal import StrictJSON

/// Why a sample, or a line of samples, is refused. It names the place, never what the sender wrote.
public struct SampleFault: Error, Equatable, Sendable {
    /// The raw value is the code that callers see.
    public enum Code: String, Sendable, CaseIterable {
        case invalidJSON = "invalid_json"
        case invalidLine = "invalid_line"
        case lineTooLong = "line_too_long"
        case notAnObject = "not_an_object"
        case unknownField = "unknown_field"
        case duplicateField = "duplicate_field"
        case missingField = "missing_field"
        case invalidField = "invalid_field"
        case fieldTooLong = "field_too_long"
        case tooManyTags = "too_many_tags"
        case valueNotFinite = "value_not_finite"
        case valueOutOfRange = "value_out_of_range"
        case invalidTimestamp = "invalid_timestamp"
        case timestampInFuture = "timestamp_in_future"
        case kindConflict = "kind_conflict"
        case tooManyMetrics = "too_many_metrics"
    }

    public let code: Code
    /// The key that is at fault; nil for the sample as a whole.
    public let field: String?
    /// One sentence for the sender.
    public let message: String
    /// Which sample of an array or of NDJSON, from 0 on.
    public internal(set) var index: Int?
    /// Which line of the body, from 1 on.
    public internal(set) var line: Int?

    init(_ code: Code, field: String? = nil, _ message: String) {
        self.code = code
        self.field = field
        self.message = field.map { "\($0): \(message)" } ?? message
    }

    init(_ fault: JSONFault) {
        self.init(.invalidJSON, "not valid JSON: \(fault)")
    }
}

extension SampleFault {
    /// A sender's key as it may stand in an answer; nil where it is no plain name.
    static func name(_ key: Span<UInt8>) -> String? {
        guard SampleTags.isKey(key), key.count <= 64 else { return nil }
        return key.string(0..<key.count)
    }
}

/// What became of the samples of a request.
public struct SampleVerdicts: Equatable, Sendable {
    public internal(set) var accepted = 0
    public internal(set) var rejectedCount = 0
    /// The first of them.
    public internal(set) var rejected: [SampleFault] = []
    /// Fields of line protocol that hold text: they are no samples, and no fault.
    public internal(set) var skippedStrings = 0

    public static let rejectedListedMax = 100

    public init() {}

    mutating func reject(_ fault: SampleFault, index: Int? = nil, line: Int? = nil) {
        rejectedCount += 1
        guard rejected.count < Self.rejectedListedMax else { return }
        var fault = fault
        (fault.index, fault.line) = (index, line)
        rejected.append(fault)
    }
}

/// How large the parts of a sample may be.
public struct SampleLimits: Sendable {
    /// Bytes of one sample as JSON, or of one line of line protocol.
    public var sampleBytesMax = 64 << 10
    public var tagsMax = UserCatalogue.tagsMax
    /// Bytes of a tag's key.
    public var tagKeyBytesMax = UserCatalogue.tagKeyBytesMax
    /// Bytes of a tag's value, as UTF-8.
    public var tagValueBytesMax = SeriesKeyWriter.valueBytesMax
    /// How far ahead of the server's clock a sample's time may be.
    public var timestampAheadMillisecondsMax: Int64 = 10 * 60_000
    /// Metrics, Tidemark's own among them.
    public var metricsMax = LineObserver.Limits().metricsMax

    public init() {}
}
