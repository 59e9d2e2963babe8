#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// xoshiro256** (Blackman and Vigna), seeded by splitmix64. The standard library's generator can
/// not be seeded, and its distributions may change with a Swift version; these bytes must not.
struct Xoshiro256 {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
        var seed = seed
        state = (splitMix(&seed), splitMix(&seed), splitMix(&seed), splitMix(&seed))
    }

    mutating func next() -> UInt64 {
        let result = rotate(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, 45)
        return result
    }

    mutating func bits(_ count: UInt64) -> UInt64 {
        next() >> (64 - count)
    }

    /// 0 ..< limit. The bias is under 2⁻⁴⁷ for the limits in use.
    mutating func below(_ limit: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(limit)).high)
    }

    /// 0 ..< 1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    mutating func happens(_ share: Double) -> Bool {
        share > 0 && unit() < share
    }

    mutating func exponential(mean: Double) -> Double {
        -mean * log(1 - unit())
    }

    /// Half of agents' sizes and durations are under `median`, and a few are very far above it.
    mutating func logNormal(median: Double, sigma: Double) -> Double {
        median * exp(sigma * normal())
    }

    /// Box and Muller's, one of the two values: they need no table.
    private mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    }
}

private func splitMix(_ seed: inout UInt64) -> UInt64 {
    seed &+= 0x9E37_79B9_7F4A_7C15
    var mixed = seed
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
}

private func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value << count | value >> (64 - count)
}
