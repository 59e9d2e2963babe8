internal import KPI
internal import Queries
internal import Rollup
internal import TimeSeries

/// What a KPI is to be judged by.
struct KPIReadings: Sendable {
    /// By the canonical object of a group's tags.
    var groups: [String: KPIReading] = [:]
    var unit = ""
}

extension Engine {
    /// Reads the whole minutes of a KPI's window.
    /// - Parameters:
    ///   - end: of the window, at a minute.
    ///   - id: the window is read when all lines up to this one are counted.
    func readings(
        _ kpi: KPIDefinition, until end: Timestamp, through id: EventID, bucketsMax: Int
    ) async throws(EngineRefusal) -> KPIReadings {
        let start = end.advanced(byMilliseconds: -kpi.windowMilliseconds)
        guard let range = TimeRange(from: start, to: end) else { return KPIReadings() }
        let asked = WindowQuery(
            range: range, through: id, tags: kpi.tags, groupBy: kpi.groupBy, bucketsMax: bucketsMax)
        var readings = KPIReadings()
        switch kpi.source {
        case .metric(let metric, let aggregation):
            let found = try await windows(metric, aggregation.needsSketches, asked)
            readings.unit = found.unit
            for (tags, window) in found.groups {
                let value = window.value(aggregation, windowMilliseconds: kpi.windowMilliseconds)
                readings.groups[tags] = value.map { .value($0) } ?? .noData
            }
        case .ratio(let part, let whole):
            readings.unit = "1"
            let parts = try await windows(part, false, asked).groups
            let wholes = try await windows(whole, false, asked).groups
            for (tags, window) in wholes {
                let ratio = KPIWindow.ratio(of: parts[tags], to: window)
                readings.groups[tags] = ratio.map { .value($0) } ?? .noData
            }
        }
        if let guarding = kpi.guarding { try await apply(guarding, kpi, asked, to: &readings) }
        return readings
    }

    private func apply(
        _ guarding: KPIDefinition.Guard, _ kpi: KPIDefinition, _ asked: WindowQuery,
        to readings: inout KPIReadings
    ) async throws(EngineRefusal) {
        var whole = asked
        (whole.tags, whole.groupBy) = ([:], [])
        let found = try await windows(
            guarding.metric, guarding.aggregation.needsSketches, whole)
        let value = found.groups.values.first?
            .value(guarding.aggregation, windowMilliseconds: kpi.windowMilliseconds)
        guard !guarding.holds(value) else { return }
        if kpi.groupBy.isEmpty, readings.groups.isEmpty { readings.groups["{}"] = .idle(nil) }
        readings.groups = readings.groups.mapValues { reading in
            if case .value(let value) = reading { .idle(value) } else { .idle(nil) }
        }
    }

    private func windows(
        _ metric: String, _ withSketches: Bool, _ asked: WindowQuery
    ) async throws(EngineRefusal) -> (groups: [String: KPIWindow], unit: String) {
        var query = MetricQuery([MetricPattern(metric)], .oneMinute, asked.range)
        (query.tags, query.groupBy) = (asked.tags, asked.groupBy)
        query.fields = withSketches ? [.sum, .quantile(.p50)] : [.sum]
        let inquiry = try await inquiry(query, through: asked.through)
        let groups = try await answer(
            inquiry.groups, of: inquiry, bucketsMax: asked.bucketsMax
        ) { answered in
            answered.compactMap { series -> (String, KPIWindow)? in
                guard let minutes = try? series.merged(),
                    let window = KPIWindow(
                        minutes, kind: series.group.kind, scale: series.group.scale)
                else { return nil }
                let key = SeriesKey(metric: metric, tags: series.group.tags).canonical
                let tags = key.dropFirst(metric.utf8.count)
                return (String(decoding: tags, as: UTF8.self), window)
            }
        }
        return (
            Dictionary(groups, uniquingKeysWith: { first, _ in first }),
            inquiry.groups.first?.unit ?? ""
        )
    }
}

private struct WindowQuery {
    let range: TimeRange
    let through: EventID
    var tags: [String: Set<String>]
    var groupBy: [String]
    let bucketsMax: Int
}

extension KPIDefinition.Aggregation {
    fileprivate var needsSketches: Bool {
        if case .quantile = self { true } else { false }
    }
}
