internal import StrictJSON

extension Span<UInt8> {
    /// Whether two stretches hold the same bytes, eight at a time.
    @inline(__always)
    func isEqual(_ range: Range<Int>, to other: Span<UInt8>, _ otherRange: Range<Int>) -> Bool {
        guard range.count == otherRange.count else { return false }
        var (position, place) = (range.lowerBound, otherRange.lowerBound)
        while position &+ 8 <= range.upperBound {
            guard littleEndianWord(at: position) == other.littleEndianWord(at: place) else {
                return false
            }
            position &+= 8
            place &+= 8
        }
        while position < range.upperBound {
            guard self[position] == other[place] else { return false }
            position &+= 1
            place &+= 1
        }
        return true
    }

    @inline(__always)
    func isEqual(_ range: Range<Int>, to other: [UInt8]) -> Bool {
        isEqual(range, to: other.span, 0..<other.count)
    }

    /// Whether a literal stands at a position.
    @inline(__always)
    func has(_ literal: StaticString, at position: Int) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard position &+ length <= count else { return false }
        for index in 0..<length {
            let letter = unsafe literal.utf8Start[index]
            guard self[position &+ index] == letter else { return false }
        }
        return true
    }

    /// By their bytes, as the keys of tags are ordered.
    func isLess(_ range: Range<Int>, than other: Range<Int>) -> Bool {
        for offset in 0..<Swift.min(range.count, other.count) {
            let (left, right) = (self[range.lowerBound + offset], self[other.lowerBound + offset])
            if left != right { return left < right }
        }
        return range.count < other.count
    }
}

extension [UInt8] {
    @inline(__always)
    mutating func append(text: StaticString) {
        unsafe append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
