/// The entries of a sketch by number: which one a value belongs to, and where it begins.
///
/// From the bits of the floating point number and a table, never by a logarithm, so it is the same on
/// every machine and right at powers of two.
enum SketchIndex {
    /// Exponents of two that entries may have, with room around the quantities (2⁻³⁰ to 2⁶⁷).
    private static let exponents = -64..<128

    /// - Parameter value: positive, finite, not subnormal.
    /// - Returns: at resolution 6, the `i` with 2^(i/64) < value ≤ 2^((i+1)/64).
    @inline(__always)
    static func index(of value: Double) -> Int32 {
        let bits = value.bitPattern
        let exponent = Int32(truncatingIfNeeded: bits &>> 52) &- 1_023
        let significand = bits & 0xF_FFFF_FFFF_FFFF
        let cell = cells[Int(truncatingIfNeeded: significand &>> cellShift)]
        return exponent &<< 6 &+ cell.below &+ (significand > cell.boundary ? 1 : 0)
    }

    /// The number that all values of the entry are above.
    static func lowerBound(of index: Int32, resolution: Int) -> Double {
        let finest = Int(index) << (Sketch.resolutionMax - resolution)
        let exponent = min(max(finest >> 6, -1_022), 1_024)
        return Double(
            sign: .plus, exponentBitPattern: UInt(exponent + 1_023),
            significandBitPattern: exponent == 1_024 ? 0 : boundaries[finest & 63])
    }

    /// The entries that a sketch may have.
    static func domain(resolution: Int) -> ClosedRange<Int32> {
        let shift = Int32(Sketch.resolutionMax - resolution)
        let (first, end) = (Int32(exponents.lowerBound), Int32(exponents.upperBound))
        return (first << 6) >> shift...(end << 6 - 1) >> shift
    }

    /// One of 128 equal stretches of [1, 2): each holds at most one boundary, since boundaries are at
    /// least 0.0109 apart.
    private struct Cell {
        /// The entry of what is not above the boundary.
        var below: Int32
        var boundary: UInt64
    }

    private static let cellShift: UInt64 = 45

    private static let cells: [Cell] = {
        var cells: [Cell] = []
        var met = 0
        for cell in UInt64(0)..<128 {
            let end = (cell + 1) << cellShift
            let below = Int32(met) - 1
            if met < boundaries.count, boundaries[met] < end {
                cells.append(Cell(below: below, boundary: boundaries[met]))
                met += 1
            } else {
                cells.append(Cell(below: below, boundary: .max))
            }
        }
        return cells
    }()

    /// The 52 bits after the point of 2^(k/64), k from 0 to 63, cut and not rounded: the powers between
    /// 1 and 2 are irrational, so a `Double` is above one exactly where its bits are above these.
    static let boundaries: [UInt64] = [
        0x0000000000000, 0x02C9A3E778060, 0x059B0D3158574, 0x0874518759BC8,
        0x0B5586CF9890F, 0x0E3EC32D3D1A2, 0x11301D0125B50, 0x1429AAEA92DDF,
        0x172B83C7D517A, 0x1A35BEB6FCB75, 0x1D4873168B9AA, 0x2063B88628CD6,
        0x2387A6E756238, 0x26B4565E27CDD, 0x29E9DF51FDEE1, 0x2D285A6E4030B,
        0x306FE0A31B715, 0x33C08B26416FF, 0x371A7373AA9CA, 0x3A7DB34E59FF6,
        0x3DEA64C123422, 0x4160A21F72E29, 0x44E086061892D, 0x486A2B5C13CD0,
        0x4BFDAD5362A27, 0x4F9B2769D2CA6, 0x5342B569D4F81, 0x56F4736B527DA,
        0x5AB07DD485429, 0x5E76F15AD2148, 0x6247EB03A5584, 0x6623882552224,
        0x6A09E667F3BCC, 0x6DFB23C651A2E, 0x71F75E8EC5F73, 0x75FEB564267C8,
        0x7A11473EB0186, 0x7E2F336CF4E62, 0x82589994CCE12, 0x868D99B4492EC,
        0x8ACE5422AA0DB, 0x8F1AE99157736, 0x93737B0CDC5E4, 0x97D829FDE4E4F,
        0x9C49182A3F090, 0xA0C667B5DE564, 0xA5503B23E255C, 0xA9E6B5579FDBF,
        0xAE89F995AD3AD, 0xB33A2B84F15FA, 0xB7F76F2FB5E46, 0xBCC1E904BC1D2,
        0xC199BDD85529C, 0xC67F12E57D14B, 0xCB720DCEF9069, 0xD072D4A07897B,
        0xD5818DCFBA487, 0xDA9E603DB3285, 0xDFC97337B9B5E, 0xE502EE78B3FF6,
        0xEA4AFA2A490D9, 0xEFA1BEE615A27, 0xF50765B6E4540, 0xFA7C1819E90D8,
    ]
}
