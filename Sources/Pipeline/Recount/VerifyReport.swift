/// What came of holding a store against its log.
public struct VerifyReport: Codable, Equatable, Sendable {
    public struct Count: Codable, Equatable, Sendable {
        public internal(set) var compared = 0
        /// Within what the log no longer covers.
        public internal(set) var skipped = 0
        /// Of those that were compared.
        public internal(set) var different = 0
    }

    public struct IntervalCount: Codable, Equatable, Sendable {
        public let interval: String
        public internal(set) var buckets: Count
    }

    /// Lines that have been counted and cannot be read any more.
    public struct LostLines: Codable, Equatable, Sendable {
        public let firstID: UInt64
        public let lastID: UInt64
        public let fileName: String

        private enum CodingKeys: String, CodingKey {
            case firstID = "first_id"
            case lastID = "last_id"
            case fileName = "file"
        }
    }

    /// Up to here the log was counted.
    public internal(set) var lastID: UInt64
    public internal(set) var lines = 0
    /// Lines up to here were removed by retention, and are counted on from what was known of them.
    public internal(set) var removedThrough: UInt64 = 0
    public internal(set) var intervals: [IntervalCount] = []
    public internal(set) var series = Count()
    /// What the folds keep from one line for a later one.
    public internal(set) var state = Count()
    /// Where events stand in the log.
    public internal(set) var index = Count()
    public internal(set) var lostLines: [LostLines] = []
    /// The first ones.
    public internal(set) var differences: [Difference] = []
    /// Whether lost lines make rows of the store impossible to recount.
    public internal(set) var isLogDamaged = false
    /// All buckets that the store holds, of every interval.
    public internal(set) var storedBuckets = 0
    public internal(set) var seconds = 0.0

    init(lastID: UInt64) {
        self.lastID = lastID
    }

    private enum CodingKeys: String, CodingKey {
        case lines, intervals, series, state, index, differences, seconds
        case lastID = "last_id"
        case lostLines = "lost_lines"
        case isLogDamaged = "is_log_damaged"
        case storedBuckets = "stored_buckets"
        case removedThrough = "removed_through_id"
    }
}

// MARK: The verdict

extension VerifyReport {
    public var differentCount: Int {
        intervals.reduce(series.different + state.different + index.different) {
            $0 + $1.buckets.different
        }
    }

    public var comparedBuckets: Int { intervals.reduce(0) { $0 + $1.buckets.compared } }

    /// All that is wrong, a sentence each; empty where nothing is.
    public var faults: [String] {
        var faults: [String] = []
        if differentCount > 0 {
            faults.append(
                differentCount == 1
                    ? "a row differs from what the log says"
                    : "\(differentCount) rows differ from what the log says")
        }
        if isLogDamaged { faults.append("lines that are counted cannot be read any more") }
        // Retention may leave nothing but hours that it has taken lines of.
        if comparedBuckets == 0, storedBuckets > 0, removedThrough == 0 {
            faults.append("none of the \(storedBuckets) stored buckets could be compared")
        }
        return faults
    }
}
