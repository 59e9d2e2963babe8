/// What a rebuild did.
public struct RebuildReport: Equatable, Sendable {
    public internal(set) var lines = 0
    /// Of all intervals, as they are stored now.
    public internal(set) var buckets: Int64 = 0
    public internal(set) var seconds = 0.0
    /// Why nothing could be kept of the store that was there; nil where it was sound.
    public internal(set) var discarded: String?
    /// Hours whose buckets are the old ones, since the log no longer has all their lines.
    public internal(set) var keptHours = 0
    public internal(set) var lostLines: [VerifyReport.LostLines] = []
    /// Metrics that were counted over lines from before they were known.
    public internal(set) var filledIn: [String] = []

    init() {}
}
