internal import EventLog
internal import Hummingbird
internal import KPI
internal import Pipeline
internal import Queries
internal import TimeSeries

/// `GET /metrics` without an interval: the current value of every series, for a Prometheus to scrape.
extension API {
    func exposition(_ request: Request, _ parameters: Parameters) async throws -> Response {
        let accept = request.headers[.accept] ?? "*/*"
        guard !accept.hasPrefix("application/json"), parameters["format"] == nil else {
            throw APIError.parameter("interval", "must be one of \(MetricParameters.intervalNames)")
        }
        let newest = pipeline.log.lastID
        do throws(EngineRefusal) {
            try await engine.settle(through: newest)
        } catch {
            throw APIError(error)
        }
        let health = pipeline.health.report
        let exposition = await engine.exposition(
            [
                Exposition.Gauge(
                    "tidemark_log_last_id", Int(clamping: newest.value),
                    help: "The newest line of the log."),
                Exposition.Gauge(
                    "tidemark_ingest_queue_events", pipeline.queue.depth,
                    help: "Events that wait for the disk at this moment."),
                Exposition.Gauge(
                    "tidemark_log_groups_failed", health.groupsFailed,
                    help: "Groups that could not be written since the start."),
                Exposition.Gauge(
                    "tidemark_log_blocks_damaged", pipeline.index.damage.count,
                    help:
                        "Blocks of the log that readers found to be other than written, since the start."
                ),
                Exposition.Gauge(
                    "tidemark_event_conflicts", health.conflicts,
                    help: "Events under a known key that said something else, since the start."),
                await kpiStatus,
            ], seriesMax: limits.expositionSeriesMax)
        return .bytes(exposition.bytes, type: Exposition.contentType)
    }

    private var kpiStatus: Exposition.Gauge {
        get async {
            let samples = await judge.standings.flatMap { standing in
                standing.groups.map { group in
                    let tags = group.parsedTags.filter { $0.key != "kpi" }
                    return (
                        tags: tags + [SeriesKey.Tag("kpi", standing.definition.name)],
                        value: group.status.number
                    )
                }
            }
            return Exposition.Gauge(
                "kpi_status", samples,
                help: "0 on target, 1 off target, 2 alert, 3 critical, -1 no data.")
        }
    }
}

extension KPIStatus {
    fileprivate var number: Int {
        switch self {
        case .noData: -1
        case .onTarget: 0
        case .offTarget: 1
        case .alert: 2
        case .critical: 3
        }
    }
}
