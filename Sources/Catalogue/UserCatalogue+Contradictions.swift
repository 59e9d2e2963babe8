internal import TimeSeries

/// An entry that says something else of a metric than what the log has made of it. The log wins: the entry
/// gives no samples.
public struct CatalogueContradiction: CustomStringConvertible, Sendable {
    public let entry: UserMetric
    public let known: MetricDefinition

    public var description: String {
        "\(entry.name) is a \(known.kind.rawValue) with \(known.scale.digits) digits and the unit "
            + "\"\(known.unit)\""
    }
}

extension UserCatalogue {
    public func contradictions(to known: MetricTable) -> [CatalogueContradiction] {
        metrics.compactMap { entry in
            guard let id = known.id(of: entry.name) else { return nil }
            let old = known[id]
            let isSame = (old.kind, old.scale, old.unit) == (entry.kind, entry.scale, entry.unit)
            return isSame ? nil : CatalogueContradiction(entry: entry, known: old)
        }
    }
}
