public import TimeSeries

/// A metric's place in a `MetricTable`. It holds within one process and is never stored.
public struct MetricID: Hashable, Sendable {
    public let value: UInt16

    public init(_ value: UInt16) {
        self.value = value
    }

    init(_ metric: BuiltinMetric) {
        value = metric.rawValue
    }
}

/// All metrics that are known so far, by place and by name: first Tidemark's own, then those that
/// catalogues and samples brought, in the order of the log.
///
/// What stands in it never changes: a metric keeps the kind, unit and scale that it came with.
public struct MetricTable: Sendable {
    public private(set) var definitions: [MetricDefinition] = []
    private var kinds: [MetricKind] = []
    private var scales: [QuantityScale] = []
    private var names: [UInt8] = []
    private var ranges: [Range<Int>] = []
    /// One more than a place; 0 is empty. A power of two of them.
    private var slots: [UInt16]

    public init() {
        slots = Array(repeating: 0, count: 64)
        for metric in BuiltinMetric.allCases { append(metric.definition) }
    }

    public var count: Int { definitions.count }

    public subscript(id: MetricID) -> MetricDefinition { definitions[Int(id.value)] }

    public func id(of name: Span<UInt8>) -> MetricID? {
        let found = slots[slot(of: name)]
        return found == 0 ? nil : MetricID(found - 1)
    }

    public func id(of name: String) -> MetricID? {
        let bytes = Array(name.utf8)
        return id(of: bytes.span)
    }

    public func kind(of name: Span<UInt8>) -> MetricKind? {
        id(of: name).map(kind)
    }

    public func kind(_ id: MetricID) -> MetricKind { kinds[Int(id.value)] }

    public func scale(_ id: MetricID) -> QuantityScale { scales[Int(id.value)] }

    /// Whether a metric is one of Tidemark's own.
    static func isBuiltin(_ id: MetricID) -> Bool { id.value < BuiltinMetric.allCases.count }

    /// Adds a metric that is not known yet.
    @discardableResult
    mutating func append(_ definition: MetricDefinition) -> MetricID {
        precondition(count < UInt16.max, "BUG: more metrics than a place can name")
        let start = names.count
        names += definition.name.utf8
        ranges.append(start..<names.count)
        definitions.append(definition)
        kinds.append(definition.kind)
        scales.append(definition.scale)
        if count * 2 > slots.count { grow() }
        occupy(count - 1)
        return MetricID(UInt16(truncatingIfNeeded: count - 1))
    }
}

// MARK: The slots

extension MetricTable {
    /// Where the name stands, or the empty slot where it would.
    private func slot(of name: Span<UInt8>) -> Int {
        var slot = Int(truncatingIfNeeded: StableHash(name).low) & (slots.count - 1)
        while slots[slot] != 0, !isName(name, Int(slots[slot]) - 1) {
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private func isName(_ name: Span<UInt8>, _ place: Int) -> Bool {
        name.isEqual(0..<name.count, to: names.span, ranges[place])
    }

    private mutating func occupy(_ place: Int) {
        let slot = slot(of: names.span.extracting(ranges[place]))
        slots[slot] = UInt16(truncatingIfNeeded: place + 1)
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for place in ranges.indices.dropLast() { occupy(place) }
    }
}
