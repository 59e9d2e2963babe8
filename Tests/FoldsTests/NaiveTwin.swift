import Foundation

/// The folds as one would write them at first, from what is said of them: Foundation reads the lines,
/// and one after the other is counted, once.
///
/// It shares no code with what it judges, and knows nothing of flushes, stores and restarts.
struct NaiveTwin {
    struct Limits {
        var joinDistance = 262_144
        var openHalves = 65_536
        var permissionEnds = 4_096
        var cumulativeSeries = 262_144
        var liveSeries = 2_000
        var idleMilliseconds = 86_400_000
    }

    private(set) var buckets: [NaivePlace: NaiveBucket] = [:]
    private(set) var totals: [NaiveSeries: NaiveTotals] = [:]
    private(set) var admissions: [NaiveAdmission] = []
    let limits: Limits
    private(set) var id = 0
    private var clock = 0
    /// Live series, with their places in `admissions`.
    private var live: [NaiveSeries: Int] = [:]
    // What waits for later lines.
    var starts, ends, requests, permissionEnds, readings: NaiveHalves
    // What is known of metrics; lines of samples and catalogues bring more of them.
    var kinds = [
        "events": "counter", "tool.starts": "counter", "tool.calls": "counter",
        "tool.failures": "counter", "tool.duration": "distribution",
        "permission.wait": "distribution", "ingest.lag": "distribution", "tokens": "counter",
        "hook.latency": "distribution", "process.memory": "gauge",
    ]
    var digits: [String: Int] = [:]
    /// The user's metrics that count events, by the type of these.
    var counters: [String: [String]] = [:]

    init(_ limits: Limits) {
        self.limits = limits
        starts = NaiveHalves(countMax: limits.openHalves)
        ends = starts
        requests = starts
        permissionEnds = NaiveHalves(countMax: limits.permissionEnds)
        readings = NaiveHalves(countMax: limits.cumulativeSeries)
    }

    mutating func add(_ text: String) {
        let line = NaiveJSON.object(text)
        guard let id = NaiveJSON.integer(line["id"]) else { return }
        advance(to: id, NaiveTime.milliseconds(line["server_timestamp"]))
        switch line["kind"] as? String {
        case "samples": addSamples(line)
        case "catalogue": takeCatalogue(line)
        default: addEvent(line)
        }
    }

    private mutating func advance(to id: Int, _ serverTime: Int) {
        let minute = NaiveNumber.roundedDown(clock, to: 60_000)
        (self.id, clock) = (id, max(clock, serverTime))
        for list in [\NaiveTwin.starts, \.ends, \.requests, \.permissionEnds] {
            self[keyPath: list].forget(before: id - limits.joinDistance)
        }
        guard NaiveNumber.roundedDown(clock, to: 60_000) > minute else { return }
        for (series, place) in live
        where clock - (totals[series]?.lastSampleAt ?? 0) > limits.idleMilliseconds {
            admissions[place].to = id
            live[series] = nil
        }
    }

    mutating func observe(_ series: NaiveSeries, _ sample: NaiveBucket) {
        let series = admit(series)
        totals[series, default: NaiveTotals()].count += sample.count
        totals[series, default: NaiveTotals()].sum += sample.sum
        totals[series, default: NaiveTotals()].lastSampleAt = clock
        for minutes in [1, 3, 5, 15, 60] {
            let start = NaiveNumber.roundedDown(sample.lastTime, to: minutes * 60_000)
            let place = NaivePlace(series: series, interval: minutes * 60_000, start: start)
            if buckets[place]?.add(sample) == nil { buckets[place] = sample }
        }
    }

    /// The series itself, or where there are too many its metric's overflow series.
    private mutating func admit(_ series: NaiveSeries) -> NaiveSeries {
        if live[series] != nil { return series }
        let others = live.keys.filter { $0.metric == series.metric && $0 != series.overflow }
        if series != series.overflow, others.count >= limits.liveSeries {
            return admit(series.overflow)
        }
        live[series] = admissions.count
        admissions.append(NaiveAdmission(series: series, from: id))
        return series
    }
}
