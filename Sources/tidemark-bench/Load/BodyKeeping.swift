/// How much of the answers' bodies is kept.
enum BodyKeeping: Sendable {
    /// Only the start of those that are failures.
    case failures
    /// The start of each: the counts of a batch's answer.
    case starts
    case whole
}
