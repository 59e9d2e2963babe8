/// Writes a text into bytes that are there already, eight at once: what lands behind the end of a piece is
/// overwritten by the next one.
///
/// The bytes must reach `slack` beyond the text.
struct ByteCursor {
    static let slack = 16

    private(set) var position = 0

    /// - Parameter word: its bytes from the lowest on; `count` of them are of the text.
    @inline(__always)
    mutating func put(_ word: UInt64, count: Int, _ bytes: inout MutableRawSpan) {
        bytes.storeBytes(of: word.littleEndian, toByteOffset: position, as: UInt64.self)
        position &+= count
    }

    @inline(__always)
    mutating func put(_ byte: UInt8, _ bytes: inout MutableRawSpan) {
        bytes.storeBytes(of: byte, toByteOffset: position, as: UInt8.self)
        position &+= 1
    }

    @inline(__always)
    mutating func put(_ phrase: Phrase, _ bytes: inout MutableRawSpan) {
        bytes.storeBytes(of: phrase.low.littleEndian, toByteOffset: position, as: UInt64.self)
        bytes.storeBytes(of: phrase.high.littleEndian, toByteOffset: position &+ 8, as: UInt64.self)
        position &+= phrase.count
    }

    /// - Parameter words: hold so many bytes.
    @inline(__always)
    mutating func put(_ words: [UInt64], count: Int, _ bytes: inout MutableRawSpan) {
        var offset = position
        for word in words {
            bytes.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        position &+= count
    }

    mutating func put(_ text: [UInt8], _ bytes: inout MutableRawSpan) {
        for byte in text { put(byte, &bytes) }
    }
}

/// Up to 16 bytes, made once and written often.
struct Phrase {
    static let countMax = 16

    fileprivate let low: UInt64
    fileprivate let high: UInt64
    let count: Int

    init(_ text: some Collection<UInt8>) {
        precondition(text.count <= Self.countMax, "BUG: a phrase that is too long")
        count = text.count
        low = UInt64(lowestFirst: text.prefix(8))
        high = UInt64(lowestFirst: text.dropFirst(8))
    }

    init(_ text: String) { self.init(text.utf8) }
}

extension UInt64 {
    /// - Parameter bytes: at most eight.
    init(lowestFirst bytes: some Sequence<UInt8>) {
        self = bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64($1.offset * 8) }
    }
}
