internal import StrictJSON

/// The values that were seen of late, numbered, each with what the chapter being made says of it.
///
/// Open addressing, at most half full. What is not in it is put in, so forgetting costs time alone.
struct ValueTable: Sendable {
    struct Slot: Sendable {
        let hash: UInt64
        let value: IndexedValue
        /// Of the chapter being made; 0 where it does not stand there.
        var blocks: UInt32 = 0
        var lastID: UInt64 = 0
    }

    private(set) var slots: [Slot] = []
    private var places = [UInt32](repeating: 0, count: 512)

    subscript(number: Int) -> Slot {
        _read { yield slots[number] }
        _modify { yield &slots[number] }
    }

    var count: Int { slots.count }

    /// The number of what a token says; a new one where it is not known.
    mutating func number(
        of field: IndexedField, saying token: Range<Int>, of line: Span<UInt8>
    ) -> Int {
        let said = token.dropFirst().dropLast()
        guard line.hasBackslash(in: said) else { return number(of: field, line.extracting(said)) }
        var text: [UInt8] = []
        JSONString.decode(token, in: line, appendingTo: &text)
        return number(of: field, text.span)
    }

    private mutating func number(of field: IndexedField, _ text: Span<UInt8>) -> Int {
        let hash = text.indexHash(field)
        var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
        while places[place] != 0 {
            let number = Int(places[place]) - 1
            if slots[number].hash == hash, isSame(number, field, text) { return number }
            place = (place + 1) & (places.count - 1)
        }
        return insert(field, text, hash, at: place)
    }

    private func isSame(_ number: Int, _ field: IndexedField, _ text: Span<UInt8>) -> Bool {
        slots[number].value.field == field && text.isEqual(toText: slots[number].value.text)
    }

    private mutating func insert(
        _ field: IndexedField, _ text: Span<UInt8>, _ hash: UInt64, at place: Int
    ) -> Int {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for index in 0..<text.count { bytes.append(text[index]) }
        slots.append(Slot(hash: hash, value: IndexedValue(field, bytes)))
        places[place] = UInt32(slots.count)
        if slots.count * 2 > places.count { grow() }
        return slots.count - 1
    }

    private mutating func grow() {
        places = [UInt32](repeating: 0, count: places.count * 2)
        for number in slots.indices {
            var place = Int(truncatingIfNeeded: slots[number].hash) & (places.count - 1)
            while places[place] != 0 { place = (place + 1) & (places.count - 1) }
            places[place] = UInt32(number + 1)
        }
    }
}

extension Span<UInt8> {
    /// Looks at eight bytes at a time (Mycroft's test).
    fileprivate func hasBackslash(in range: Range<Int>) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var position = range.lowerBound
        while position &+ 8 <= range.upperBound {
            let word = littleEndianWord(at: position) ^ (ones &* UInt64(UInt8(ascii: "\\")))
            if (word &- ones) & ~word & (ones &* 0x80) != 0 { return true }
            position &+= 8
        }
        while position < range.upperBound {
            if self[position] == UInt8(ascii: "\\") { return true }
            position &+= 1
        }
        return false
    }

    fileprivate func isEqual(toText text: [UInt8]) -> Bool {
        guard count == text.count else { return false }
        let other = text.span
        var offset = 0
        while offset &+ 8 <= count {
            guard littleEndianWord(at: offset) == other.littleEndianWord(at: offset) else {
                return false
            }
            offset &+= 8
        }
        while offset < count {
            guard self[offset] == other[offset] else { return false }
            offset &+= 1
        }
        return true
    }

    /// Multiply and fold, as in the wyhash family. It decides where a value is looked for, and nothing
    /// that is stored.
    fileprivate func indexHash(_ field: IndexedField) -> UInt64 {
        var state = UInt64(field.rawValue) << 32 ^ UInt64(count)
        var offset = 0
        while offset &+ 8 <= count {
            state = Self.fold(state ^ littleEndianWord(at: offset))
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < count {
            rest = rest << 8 | UInt64(self[offset])
            offset &+= 1
        }
        return Self.fold(state ^ rest ^ 0xD1B5_4A32_D192_ED03)
    }

    @inline(__always)
    private static func fold(_ state: UInt64) -> UInt64 {
        let product = state.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}
