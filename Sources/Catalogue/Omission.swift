/// Why a line, or a number in it, gave no observation.
public enum Omission: String, CaseIterable, Sendable {
    /// The line is damaged, or of a kind that this version does not know.
    case malformedLine = "malformed_line"
    /// A member of a line of samples is not as `SampleLines` writes it.
    case malformedSample = "malformed_sample"
    case malformedCatalogue = "malformed_catalogue"
    /// What stands where a number is wanted is none.
    case notANumber = "not_a_number"
    /// The number is larger than any quantity.
    case outOfRange = "out_of_range"
    /// A counter only rises.
    case negativeCounter = "negative_counter"
    /// The metric is known with another kind, or another scale.
    case kindConflict = "kind_conflict"
    /// A cumulative counter's reading is not newer than the last one seen.
    case staleReading = "stale_reading"
    /// The metric is new and there are too many already.
    case tooManyMetrics = "too_many_metrics"
}

/// How often each reason has occurred since the observer was made.
public struct Omissions: Equatable, Sendable {
    private var counts = Array(repeating: UInt64(0), count: Omission.allCases.count)

    public init() {}

    public private(set) subscript(reason: Omission) -> UInt64 {
        get { counts[reason.index] }
        set { counts[reason.index] = newValue }
    }

    public var total: UInt64 { counts.reduce(0, +) }

    mutating func add(_ reason: Omission) { self[reason] += 1 }
}

extension Omission {
    fileprivate var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
