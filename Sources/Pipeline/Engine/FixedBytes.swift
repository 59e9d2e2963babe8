/// Whole numbers one after the other, each with its most significant byte first.
struct BytesWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ number: some FixedWidthInteger) {
        for shift in stride(from: type(of: number).bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func append(contentsOf more: [UInt8]) { bytes += more }
}

/// Reads what `BytesWriter` writes.
struct BytesReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }
    var remaining: [UInt8] { Array(rest) }

    mutating func next<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        let width = Number.bitWidth / 8
        guard rest.count >= width else { return nil }
        let number = rest.prefix(width).reduce(Number(0)) {
            $0 << 8 | Number(truncatingIfNeeded: $1)
        }
        rest = rest.dropFirst(width)
        return number
    }
}
