/// How far a recount has come.
public struct RecountProgress: Codable, Equatable, Sendable {
    public enum Phase: String, Codable, Sendable {
        /// The store's rows are copied out.
        case copying
        case counting
        case comparing
        /// What was counted is put in its place.
        case storing
    }

    public var phase: Phase
    /// The line that was counted last, and the one that will be.
    public var lastID: UInt64
    public var throughID: UInt64

    private enum CodingKeys: String, CodingKey {
        case phase
        case lastID = "last_id"
        case throughID = "through_id"
    }
}

/// Told often; whoever shows it decides when.
public typealias ProgressListener = @Sendable (RecountProgress) -> Void
