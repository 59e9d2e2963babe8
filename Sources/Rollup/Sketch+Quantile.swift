public import TimeSeries

extension Sketch {
    /// The value of nearest rank: the middle of its entry, kept within the extremes, which are exact.
    ///
    /// The middle is the harmonic one, 2·low·high ÷ (low + high): as far, as a share, from either bound.
    /// - Returns: nil where there are no values.
    public func quantile(
        _ quantile: Quantile, min: Quantity, max: Quantity, scale: QuantityScale = .millionths
    ) -> Quantity? {
        guard !isEmpty else { return nil }
        let value = middle(ofRank: quantile.rank(of: count), scale) ?? max
        return Swift.max(min, Swift.min(max, value))
    }

    /// How many values lie at or below a bound, to the sketch's precision: an entry counts where its middle
    /// does.
    public func count(atMost bound: Quantity, scale: QuantityScale = .millionths) -> UInt64 {
        var count: UInt64 = bound >= .zero ? zeroCount : 0
        for entry in negative.entries where -middle(of: entry.index, scale).parts <= bound.parts {
            count = count.addingSaturating(entry.count)
        }
        for entry in positive.entries {
            guard middle(of: entry.index, scale) <= bound else { break }
            count = count.addingSaturating(entry.count)
        }
        return count
    }

    private func middle(ofRank rank: UInt64, _ scale: QuantityScale) -> Quantity? {
        var met: UInt64 = 0
        for entry in negative.entries.reversed() {
            met = met.addingSaturating(entry.count)
            if met >= rank { return Quantity(parts: -middle(of: entry.index, scale).parts) }
        }
        met = met.addingSaturating(zeroCount)
        if met >= rank { return .zero }
        for entry in positive.entries {
            met = met.addingSaturating(entry.count)
            if met >= rank { return middle(of: entry.index, scale) }
        }
        return nil
    }

    private func middle(of index: Int32, _ scale: QuantityScale) -> Quantity {
        SketchIndex.middle(of: index, resolution: resolution, scale)
    }
}

extension SketchIndex {
    /// The harmonic middle of an entry.
    @inline(__always)
    static func middle(of index: Int32, resolution: Int, _ scale: QuantityScale) -> Quantity {
        let low = lowerBound(of: index, resolution: resolution)
        let base = lowerBound(of: 1, resolution: resolution)
        // Entries from elsewhere may begin above any quantity.
        let middle = try? Quantity(2 * low / (1 + 1 / base), scale: scale)
        return middle ?? Quantity(parts: Quantity.magnitudeMax)
    }
}
