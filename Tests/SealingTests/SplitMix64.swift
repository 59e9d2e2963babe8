/// A small seeded generator (Steele, Lea and Flood): a seed makes the same cases on every machine.
///
/// Seeds are test arguments, so that a failure shows the one it came from.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// One of the values.
    mutating func pick<Values: RandomAccessCollection>(_ values: Values) -> Values.Element {
        values[
            values.index(
                values.startIndex, offsetBy: Int.random(in: 0..<values.count, using: &self))
        ]
    }

    /// True once in so many times.
    mutating func isOnce(in times: Int) -> Bool {
        Int.random(in: 0..<times, using: &self) == 0
    }
}
