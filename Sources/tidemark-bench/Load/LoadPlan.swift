/// What a run is to send, and when it is to stop.
struct LoadPlan: Sendable {
    enum Work: Sendable {
        case lines(LineLoad)
        case query(Query)
    }

    let server: ServerAddress
    var connections = 1
    let work: Work
    /// Nil: the next request follows the answer to the one before.
    var requestsPerMinute: Double?
    var secondsMax: Double?

    func makeWorkload() -> any Workload {
        switch work {
        case .lines(let load): LineWorkload(load, server)
        case .query(let query): QueryWorkload(query, server)
        }
    }

    var keeping: BodyKeeping {
        switch work {
        case .lines(let load): load.hasCountsInAnswer ? .starts : .failures
        case .query(let query): query.keeping
        }
    }
}
