import NIOCore

/// What became of the requests.
struct Tally: Sendable {
    private(set) var requests = 0
    /// Of what was acknowledged.
    private(set) var lines = 0
    private(set) var bytes = 0
    private(set) var answerBytes = 0
    private(set) var duplicates = 0
    private(set) var rejected = 0
    /// Of acknowledgements: how fast a server says no is no merit of it.
    private(set) var latencies = Histogram()
    private(set) var failuresByStatus: [Int: Int] = [:]
    private(set) var connectionErrors = 0
    /// What the server, or the system, said about the first failure.
    private(set) var firstFailure: String?

    var errors: Int { failuresByStatus.values.reduce(connectionErrors, +) }
    var hasFailures: Bool { errors + rejected > 0 }

    mutating func record(_ response: Response, to load: Load, nanoseconds: UInt64) {
        requests += 1
        if response.head.isSuccess {
            latencies.record(nanoseconds)
            acknowledge(response, load)
        } else {
            failuresByStatus[response.head.status, default: 0] += 1
            noteFirst { "\(response.head.status) \(String(buffer: response.body).prefix(300))" }
        }
    }

    mutating func recordConnectionError(_ reason: String) {
        connectionErrors += 1
        noteFirst { reason }
    }

    private mutating func acknowledge(_ response: Response, _ load: Load) {
        bytes += load.bytes
        answerBytes += response.bodyBytes
        if response.head.isDuplicate { duplicates += load.lines }
        guard response.body.readableBytes > 0, let answer = BatchAnswer(response.body) else {
            lines += load.lines
            return
        }
        duplicates += answer.duplicates
        rejected += answer.rejected
        lines += answer.accepted + answer.duplicates
        if answer.rejected > 0 { noteFirst { String(buffer: response.body) } }
    }

    private mutating func noteFirst(_ text: () -> String) {
        if firstFailure == nil { firstFailure = text() }
    }
}
