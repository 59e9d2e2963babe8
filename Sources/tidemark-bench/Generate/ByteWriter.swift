/// Renders text straight into bytes that are used again and again, so that a line costs no
/// allocation. What is written must not need JSON escapes; the generator's own texts do not.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// Forgets everything after the first `count` bytes, and keeps the memory.
    mutating func truncate(to count: Int) {
        bytes.removeSubrange(count...)
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func text(_ text: StaticString) {
        let utf8 = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        bytes.append(contentsOf: utf8)
    }

    mutating func text(_ other: ByteWriter) {
        bytes.append(contentsOf: other.bytes)
    }

    mutating func text(_ range: Range<Int>, of other: ByteWriter) {
        other.bytes.withUnsafeBufferPointer {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
        }
    }

    mutating func text(_ other: [UInt8]) {
        bytes.append(contentsOf: other)
    }

    /// Writes JSON as it stands within a JSON string.
    mutating func escaped(_ json: ByteWriter) {
        for byte in json.bytes {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
    }

    /// Writes bytes of its own once more.
    mutating func again(_ range: Range<Int>) {
        let end = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: range.count))
        bytes.withUnsafeMutableBytes {
            let source = UnsafeRawBufferPointer(rebasing: $0[range])
            UnsafeMutableRawBufferPointer(rebasing: $0[end...]).copyMemory(from: source)
        }
    }
}

extension ByteWriter {
    mutating func byte(_ byte: Unicode.Scalar) {
        bytes.append(UInt8(ascii: byte))
    }

    mutating func decimal(_ value: Int) {
        if value >= 10 { decimal(value / 10) }
        bytes.append(UInt8(truncatingIfNeeded: 48 + value % 10))
    }

    mutating func decimal(_ value: Int, digits: Int) {
        if digits > 1 { decimal(value / 10, digits: digits - 1) }
        bytes.append(UInt8(truncatingIfNeeded: 48 + value % 10))
    }

    mutating func hex(_ value: UInt64, digits: Int) {
        var shift = UInt64(digits * 4)
        while shift > 0 {
            shift -= 4
            let nibble = UInt8(truncatingIfNeeded: value >> shift & 15)
            bytes.append(nibble < 10 ? nibble + 48 : nibble + 87)
        }
    }

    /// RFC 3339 in UTC with milliseconds.
    mutating func timestamp(_ milliseconds: Int64) {
        let (seconds, fraction) = Int(milliseconds).flooredDivision(by: 1000)
        let (days, second) = seconds.flooredDivision(by: 86_400)
        date(CivilDay(daysSinceEpoch: days))
        byte("T")
        decimal(second / 3600, digits: 2)
        byte(":")
        decimal(second / 60 % 60, digits: 2)
        byte(":")
        decimal(second % 60, digits: 2)
        byte(".")
        decimal(fraction, digits: 3)
        byte("Z")
    }

    private mutating func date(_ date: CivilDay) {
        decimal(date.year, digits: 4)
        byte("-")
        decimal(date.month, digits: 2)
        byte("-")
        decimal(date.day, digits: 2)
    }
}

extension Int {
    fileprivate func flooredDivision(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
