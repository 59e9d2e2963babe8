/// One bit for each open array (0) or object (1), `JSONCursor.depthMax` of them.
struct NestingLevels {
    private(set) var depth = 0
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    var isObject: Bool { low & 1 == 1 }

    @inline(__always)
    mutating func push(object: Bool) {
        high = high << 1 | low >> 63
        low = low << 1 | (object ? 1 : 0)
        depth += 1
    }

    @inline(__always)
    mutating func pop() {
        low = low >> 1 | high << 63
        high >>= 1
        depth -= 1
    }
}
