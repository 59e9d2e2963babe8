/// Whether the key over a text calls it secret: be it the key's value, or within an array that is.
struct ValueRules {
    /// The rule for the value that comes next.
    private(set) var next: Int?
    /// The rule for what follows each array or object that is open, the innermost last.
    private var outer: [Int?] = []

    /// Every value in an object has a key before it, which says anew what is secret.
    mutating func key(_ rule: Int?) { next = rule }

    /// Moves over what stands between two strings.
    mutating func move(over range: Range<Int>, of bytes: Span<UInt8>) {
        for index in range {
            switch bytes[index] {
            case UInt8(ascii: "["), UInt8(ascii: "{"): outer.append(next)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): next = outer.popLast() ?? nil
            default: break
            }
        }
    }
}
