internal import NIOCore
internal import StrictJSON

/// Cuts a stream of buffers into lines. Only a line that is spread over buffers is copied.
struct NDJSONSplitter {
    enum Piece {
        case line
        /// A line longer than allowed; its bytes were let go.
        case tooLong
    }

    private let lineBytesMax: Int
    private var carry: [UInt8] = []
    private var isTooLong = false

    init(lineBytesMax: Int) {
        self.lineBytesMax = lineBytesMax
    }

    /// Bytes of an unfinished line that are kept.
    var heldBytes: Int { carry.count }

    mutating func feed(
        _ buffer: ByteBuffer, _ body: (Piece, Range<Int>, Span<UInt8>) -> Void
    ) {
        let bytes = buffer.readableBytesUInt8Span
        var start = 0
        while let end = bytes.firstLineFeed(in: start..<bytes.count) {
            if carry.isEmpty && !isTooLong {
                give(start..<end, bytes, body)
            } else {
                keep(start..<end, bytes)
                finish(body)
            }
            start = end + 1
        }
        keep(start..<bytes.count, bytes)
    }

    /// The stream has ended: what is left is a line too.
    mutating func finish(_ body: (Piece, Range<Int>, Span<UInt8>) -> Void) {
        if isTooLong {
            body(.tooLong, 0..<0, carry.span)
        } else {
            give(carry.indices, carry.span, body)
        }
        carry.removeAll(keepingCapacity: carry.capacity <= 1 << 20)
        isTooLong = false
    }

    private mutating func keep(_ range: Range<Int>, _ bytes: Span<UInt8>) {
        guard !isTooLong else { return }
        if carry.count + range.count > lineBytesMax {
            isTooLong = true
            carry = []
        } else {
            carry.append(contentsOf: bytes, range)
        }
    }

    /// Blank lines are nothing.
    private func give(
        _ range: Range<Int>, _ bytes: Span<UInt8>,
        _ body: (Piece, Range<Int>, Span<UInt8>) -> Void
    ) {
        for index in range where bytes[index] > 0x20 {
            body(.line, range, bytes)
            return
        }
    }
}
