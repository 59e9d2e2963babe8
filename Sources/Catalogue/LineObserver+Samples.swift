internal import StrictJSON
internal import TimeSeries

extension LineObserver {
    /// What a line of samples holds. Groups before a damaged one count.
    mutating func observeSamples(
        _ line: Span<UInt8>, _ head: LineHead, into batch: inout ObservationBatch
    ) {
        guard var reader = SampleGroupReader(line, at: head.end) else {
            return omissions.add(.malformedSample)
        }
        if reader.takeEnd(line) { return }
        repeat {
            guard let group = reader.readHead(line),
                observe(group, line, head.id, &reader, into: &batch)
            else { return omissions.add(.malformedSample) }
        } while reader.take(",", line)
        if !reader.takeEnd(line) { omissions.add(.malformedSample) }
    }

    /// - Returns: false where the group is damaged.
    private mutating func observe(
        _ group: SampleGroupReader.Group, _ line: Span<UInt8>, _ id: EventID,
        _ reader: inout SampleGroupReader, into batch: inout ObservationBatch
    ) -> Bool {
        let (start, items) = (batch.keys.count, batch.items.count)
        let series = open(group, line, to: &batch.keys)
        defer { if batch.items.count == items { batch.keys.removeSubrange(start...) } }
        while true {
            guard let point = reader.readPoint(line) else { return false }
            switch series {
            case .success(let series):
                let sample = Sample(series: series, time: point.time, id: id)
                observe(sample, point.value, line, into: &batch)
            case .failure(let reason): omissions.add(reason)
            }
            if reader.take("]}", line) { return true }
            guard reader.take(",", line) else { return false }
        }
    }
}

/// The series of a group.
private struct SampleSeries {
    let key: Range<Int>
    let metric: MetricID
    let kind: MetricKind
    let scale: QuantityScale
    /// Nil where the numbers are increases already.
    let cumulative: StableHash?
}

private struct Sample {
    let series: SampleSeries
    let time: Timestamp
    let id: EventID
}

extension Omission: Error {}

// MARK: The series

extension LineObserver {
    /// Writes the group's key, and makes its metric known.
    private mutating func open(
        _ group: SampleGroupReader.Group, _ line: Span<UInt8>, to keys: inout [UInt8]
    ) -> Result<SampleSeries, Omission> {
        let id: MetricID
        switch metric(group, line) {
        case .success(let known): id = known
        case .failure(let reason): return .failure(reason)
        }
        let start = keys.count
        keys.append(contentsOf: line, group.metric)
        if group.isCanonical {
            keys.append(contentsOf: line, group.tags)
        } else {
            guard appendTags(line, group.tags, to: &keys) else { return .failure(.malformedSample) }
        }
        let key = start..<keys.count
        guard key.count <= ObservationBatch.keyBytesMax else { return .failure(.malformedSample) }
        return .success(
            SampleSeries(
                key: key, metric: id, kind: group.kind, scale: metrics.scale(id),
                cumulative: group.isCumulative ? StableHash(keys.span.extracting(key)) : nil))
    }

    /// The first kind that is seen of a metric is its kind.
    private mutating func metric(
        _ group: SampleGroupReader.Group, _ line: Span<UInt8>
    ) -> Result<MetricID, Omission> {
        let name = line.extracting(group.metric)
        if group.isCumulative, group.kind != .counter { return .failure(.malformedSample) }
        if let id = metrics.id(of: name) {
            return metrics.kind(id) == group.kind ? .success(id) : .failure(.kindConflict)
        }
        guard MetricName.isValid(name) else { return .failure(.malformedSample) }
        guard metrics.count < limits.metricsMax else { return .failure(.tooManyMetrics) }
        return .success(
            metrics.append(
                MetricDefinition(
                    name: line.string(group.metric), kind: group.kind,
                    unit: line.string(group.unit))))
    }

    /// Tags that must be sorted or spelled again.
    private mutating func appendTags(
        _ line: Span<UInt8>, _ object: Range<Int>, to keys: inout [UInt8]
    ) -> Bool {
        tags.removeAll()
        var cursor = JSONCursor(object)
        do throws(JSONFault) {
            var more = try cursor.enterObject(in: line)
            while more {
                let key = try cursor.nextKey(in: line)
                guard try cursor.peek(in: line) == UInt8(ascii: "\"") else { return false }
                let start = cursor.position
                try cursor.skipString(in: line)
                tags.add(key: key, value: start..<cursor.position, of: line)
                more = try cursor.anotherMember(in: line)
            }
        } catch {
            return false
        }
        _ = tags.sort()
        tags.appendCanonical(to: &keys)
        return true
    }
}

extension SampleTags {
    /// Adds a tag of two tokens.
    mutating func add(key: Range<Int>, value: Range<Int>, of text: Span<UInt8>) {
        let start = bytes.count
        JSONString.decode(key, in: text, appendingTo: &bytes)
        let middle = bytes.count
        JSONString.decode(value, in: text, appendingTo: &bytes)
        add(key: start..<middle, value: middle..<bytes.count)
    }
}

// MARK: The points

extension LineObserver {
    private mutating func observe(
        _ sample: Sample, _ value: SampleGroupReader.Value, _ line: Span<UInt8>,
        into batch: inout ObservationBatch
    ) {
        switch value {
        case .number(let token):
            guard let number = quantity(line, token, sample.series.scale) else { return }
            observe(sample, number, into: &batch)
        case .aggregate(let tokens): observe(sample, tokens, line, into: &batch)
        }
    }

    private mutating func observe(
        _ sample: Sample, _ number: Quantity, into batch: inout ObservationBatch
    ) {
        if sample.series.kind == .counter, number < .zero {
            return omissions.add(.negativeCounter)
        }
        var number = number
        if let series = sample.series.cumulative {
            switch counters.read(series, number, sample.time, sample.id) {
            case .increase(let increase): number = increase
            case .base: return
            case .stale: return omissions.add(.staleReading)
            }
        }
        batch.append(
            number, sample.time, sample.id, key: sample.series.key, metric: sample.series.metric,
            kind: sample.series.kind)
    }

    private mutating func observe(
        _ sample: Sample, _ tokens: SampleGroupReader.Aggregate, _ line: Span<UInt8>,
        into batch: inout ObservationBatch
    ) {
        let scale = sample.series.scale
        guard sample.series.cumulative == nil, let count = line.count(tokens.count),
            let sum = SumToken.parts(line, tokens.sum, scale)
        else { return omissions.add(.malformedSample) }
        guard let min = quantity(line, tokens.min, scale),
            let max = quantity(line, tokens.max, scale),
            let last = quantity(line, tokens.last, scale)
        else { return }
        if sample.series.kind == .counter, min < .zero || sum < 0 {
            return omissions.add(.negativeCounter)
        }
        guard min <= last, last <= max,
            let sketch = Base64.decode(line, tokens.sketch, to: &batch.sketches)
        else { return omissions.add(.malformedSample) }
        batch.append(
            ObservationBatch.Aggregate(count: count, sum: sum, min: min, max: max, sketch: sketch),
            last: last, sample.time, sample.id, key: sample.series.key,
            metric: sample.series.metric, kind: sample.series.kind)
    }
}

extension Span<UInt8> {
    /// A positive number of samples.
    fileprivate func count(_ token: Range<Int>) -> UInt64? {
        guard (1...18).contains(token.count) else { return nil }
        var value: UInt64 = 0
        for index in token {
            guard self[index] &- UInt8(ascii: "0") < 10 else { return nil }
            value = value * 10 + UInt64(self[index] & 15)
        }
        return value > 0 ? value : nil
    }

    func string(_ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        bytes.append(contentsOf: self, range)
        return String(decoding: bytes, as: UTF8.self)
    }
}
