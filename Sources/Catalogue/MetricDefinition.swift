public import TimeSeries

/// What is known of a metric: what its numbers are, and in which parts they are counted.
///
/// Kind, unit and scale are fixed with the first observation: the numbers stored under a name can be
/// added up because of it.
public struct MetricDefinition: Equatable, Sendable {
    public let name: String
    public let kind: MetricKind
    /// As UCUM writes it: `ms`, `By`, `1/s`; `1` for a count; empty where nobody said.
    public let unit: String
    /// The tags that its series may have; empty where nobody said.
    public let tagKeys: [String]
    public let scale: QuantityScale
    /// One sentence.
    public let help: String

    public init(
        name: String, kind: MetricKind, unit: String = "", tagKeys: [String] = [],
        scale: QuantityScale = .millionths, help: String = ""
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.tagKeys = tagKeys
        self.scale = scale
        self.help = help
    }
}
