internal import StrictJSON
internal import TimeSeries

extension LineObserver {
    /// Puts the entries of a catalogue line into force, from the next line on.
    mutating func apply(_ line: Span<UInt8>, _ head: LineHead) {
        guard let text = Self.catalogue(line, after: head.end), install(text) else {
            return omissions.add(.malformedCatalogue)
        }
        isCatalogueStored = false
    }

    /// `,"digest":"…","catalogue":{…}}`
    private static func catalogue(_ line: Span<UInt8>, after start: Int) -> [UInt8]? {
        guard line.has(",\"digest\":", at: start) else { return nil }
        var cursor = JSONCursor(start + 10..<line.count)
        guard (try? cursor.skipValue(in: line)) != nil,
            line.has(",\"catalogue\":", at: cursor.position)
        else { return nil }
        cursor.position += 13
        let value = cursor.position
        guard (try? cursor.skipValue(in: line)) != nil, line.ends(at: cursor.position) else {
            return nil
        }
        var text: [UInt8] = []
        text.append(contentsOf: line, value..<cursor.position)
        return text
    }

    /// - Returns: false where the text is no catalogue; then nothing changes.
    @discardableResult
    mutating func install(_ text: [UInt8]) -> Bool {
        guard let catalogue = UserCatalogue(json: text.span) else { return false }
        self.catalogue = catalogue
        catalogueText = text
        plans = EventPlan.all(
            catalogue.metrics.compactMap { metric in
                declare(metric).map { (metric, $0) }
            })
        return true
    }

    /// Makes an entry's metric known.
    /// - Returns: nil where the entry cannot count: its metric has another kind or scale by now.
    private mutating func declare(_ metric: UserMetric) -> MetricID? {
        if let id = metrics.id(of: metric.name) {
            let isSame = metrics.kind(id) == metric.kind && metrics.scale(id) == metric.scale
            guard isSame, !MetricTable.isBuiltin(id) else {
                omissions.add(.kindConflict)
                return nil
            }
            return id
        }
        guard MetricName.isValid(metric.name) else {
            omissions.add(.malformedCatalogue)
            return nil
        }
        guard metrics.count < limits.metricsMax else {
            omissions.add(.tooManyMetrics)
            return nil
        }
        return metrics.append(metric.definition)
    }
}
