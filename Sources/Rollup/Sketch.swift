public import TimeSeries

/// How values are spread: a base-2 exponential histogram, as OpenTelemetry and Prometheus have it.
///
/// At resolution 6 (OpenTelemetry's *scale*) the base is 2^(1/64), and entry `i` counts the values in
/// (baseⁱ, baseⁱ⁺¹]. The same values make the same sketch in whatever order and split they come: the
/// resolution is the finest, up to 6, at which each side has at most 2,048 entries, and the entries of
/// a coarser one are exact sums of those of a finer.
public struct Sketch: Equatable, Sendable {
    public static let resolutionMax = 6
    /// As coarse as OpenTelemetry goes. Quantities alone never need less than 4.
    public static let resolutionMin = -10
    /// On each side of zero.
    public static let entriesMax = 2_048

    private var storedResolution: Int8
    public private(set) var zeroCount: UInt64
    public private(set) var positive: SketchSide
    /// By the magnitude of the values.
    public private(set) var negative: SketchSide

    public private(set) var resolution: Int {
        get { Int(storedResolution) }
        set { storedResolution = Int8(newValue) }
    }

    public init() {
        self.init(
            resolution: Self.resolutionMax, zeroCount: 0, positive: SketchSide(),
            negative: SketchSide())
    }

    init(resolution: Int, zeroCount: UInt64, positive: SketchSide, negative: SketchSide) {
        storedResolution = Int8(resolution)
        self.zeroCount = zeroCount
        self.positive = positive
        self.negative = negative
    }

    /// All values. Counts stop at the largest number rather than start again.
    public var count: UInt64 {
        zeroCount.addingSaturating(positive.count).addingSaturating(negative.count)
    }

    public var isEmpty: Bool {
        zeroCount == 0 && positive.entries.isEmpty && negative.entries.isEmpty
    }

    /// How far a quantile may be from the value it stands for, as a share of that value: 0.0054 at
    /// resolution 6. Beside it stands half a part, since a quantile is rounded to its metric's scale.
    public var relativeErrorMax: Double {
        let base = SketchIndex.lowerBound(of: 1, resolution: resolution)
        return (1 - 1 / base) / (1 + 1 / base)
    }
}

// MARK: Adding

extension Sketch {
    public mutating func add(_ value: Quantity, scale: QuantityScale = .millionths) {
        guard value.parts != 0 else {
            zeroCount = zeroCount.addingSaturating(1)
            return
        }
        let finest = SketchIndex.index(of: value.asDouble(scale: scale).magnitude)
        let index = finest &>> Int32(Self.resolutionMax &- resolution)
        if value.parts > 0 {
            positive.add(index, count: 1)
        } else {
            negative.add(index, count: 1)
        }
        coarsenToFit()
    }

    public mutating func merge(_ other: Sketch) {
        var other = other
        let common = min(resolution, other.resolution)
        coarsen(to: common)
        other.coarsen(to: common)
        zeroCount = zeroCount.addingSaturating(other.zeroCount)
        positive.merge(other.positive)
        negative.merge(other.negative)
        coarsenToFit()
    }

    /// Exact: what comes out is what the coarser resolution would have counted.
    public mutating func coarsen(to coarser: Int) {
        precondition(coarser >= Self.resolutionMin, "BUG: a resolution that does not exist")
        guard coarser < resolution else { return }
        positive.coarsen(by: resolution - coarser)
        negative.coarsen(by: resolution - coarser)
        resolution = coarser
    }

    /// How many entries there are at a resolution depends on the values alone and only grows, so where
    /// this ends does not depend on their order.
    @inline(__always)
    private mutating func coarsenToFit() {
        while positive.entries.count > Self.entriesMax || negative.entries.count > Self.entriesMax {
            coarsen(to: resolution - 1)
        }
    }
}
