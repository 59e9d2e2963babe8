public import TimeSeries

extension SeriesTable {
    /// What follows the name in the key of an overflow series.
    static let overflowTags = Array(#"{"overflow":"true"}"#.utf8)

    mutating func addMetric(_ name: Span<UInt8>, _ form: MetricForm) -> Int {
        let number = names.insert(name)
        let text = String(decoding: names.text(number), as: UTF8.self)
        metrics.append(Metric(name: text, form: form))
        return number
    }

    /// Admits a key that was never seen, or the overflow series in its stead.
    mutating func admit(
        _ key: Span<UInt8>, _ metric: Int, at id: EventID, _ now: Timestamp
    ) -> Int {
        guard
            isOverflow(key, metric)
                || states.count < limits.seriesMax
                    && metrics[metric].liveSeries < limits.liveSeriesPerMetricMax
        else { return overflow(of: metric, at: id, now) }
        let place = keys.insert(key)
        let series = SeriesID(UInt32(place))
        add(key, metric, Admission(series: series, admittedAt: id), now)
        return place
    }

    mutating func readmit(_ place: Int, at id: EventID, _ now: Timestamp) -> Int {
        let metric = states[place].metric
        let isOverflow = metrics[metric].overflow == states[place].totals.series
        guard isOverflow || metrics[metric].liveSeries < limits.liveSeriesPerMetricMax else {
            return overflow(of: metric, at: id, now)
        }
        if !isOverflow { metrics[metric].liveSeries += 1 }
        states[place].admission = Admission(series: states[place].totals.series, admittedAt: id)
        admissions.append(states[place].admission)
        return place
    }

    private mutating func overflow(of metric: Int, at id: EventID, _ now: Timestamp) -> Int {
        if let series = metrics[metric].overflow {
            let place = Int(series.value)
            return states[place].isLive ? place : readmit(place, at: id, now)
        }
        let key = names.text(metric) + Self.overflowTags
        return admit(key.span, metric, at: id, now)
    }

    private func isOverflow(_ key: Span<UInt8>, _ metric: Int) -> Bool {
        let length = SeriesKey.nameLength(key)
        return key.extracting(length..<key.count).isEqual(to: Self.overflowTags.span)
    }

    private mutating func add(
        _ key: Span<UInt8>, _ metric: Int, _ admission: Admission, _ now: Timestamp
    ) {
        let series = admission.series
        metrics[metric].series.append(series)
        if isOverflow(key, metric) {
            metrics[metric].overflow = series
        } else {
            metrics[metric].liveSeries += 1
        }
        let totals = SeriesTotals(series: series, lastSampleAt: now)
        let form = metrics[metric].form
        states.append(State(metric: metric, form: form, admission: admission, totals: totals))
        admissions.append(admission)
    }
}

// MARK: Retiring

extension SeriesTable {
    /// Retires the series whose last sample is too long ago.
    ///
    /// To be called at moments that follow from the log alone.
    /// - Parameters:
    ///   - now: the folds' clock.
    ///   - id: the first line without them.
    public mutating func sweep(now: Timestamp, at id: EventID) {
        for place in states.indices where states[place].isLive {
            let idle = now.milliseconds - states[place].totals.lastSampleAt.milliseconds
            guard idle > limits.idleMillisecondsMax else { continue }
            retire(place, at: id)
        }
    }

    private mutating func retire(_ place: Int, at id: EventID) {
        states[place].admission.retiredAt = id
        admissions.append(states[place].admission)
        let metric = states[place].metric
        guard metrics[metric].overflow != states[place].totals.series else { return }
        metrics[metric].liveSeries -= 1
    }
}
