internal import NIOCore
internal import StrictJSON

/// Cuts a stream of buffers into stretches of whole lines, each enough work for one go.
struct LineStretches {
    enum Stretch: Sendable {
        /// Whole lines; the last one of a body may lack its line end.
        case lines([UInt8])
        /// A line longer than allowed; its bytes were let go.
        case tooLong
    }

    private let stretchBytes: Int
    private let lineBytesMax: Int
    private var held: [UInt8] = []
    /// How much of `held` is known to be without a line end.
    private var searched = 0
    private var isTooLong = false

    init(stretchBytes: Int, lineBytesMax: Int) {
        self.stretchBytes = stretchBytes
        self.lineBytesMax = lineBytesMax
    }

    var heldBytes: Int { held.count }

    mutating func append(_ buffer: ByteBuffer) {
        if held.isEmpty { held.reserveCapacity(stretchBytes + buffer.readableBytes) }
        held.append(contentsOf: buffer.readableBytesView)
    }

    /// The next stretch, where enough has come for one.
    mutating func next() -> Stretch? {
        if isTooLong { return endOfLongLine() }
        guard held.count >= stretchBytes else { return nil }
        guard let end = held.span.lastLineFeed(in: searched..<held.count) else {
            searched = held.count
            if held.count > lineBytesMax { letGo() }
            return nil
        }
        return .lines(cut(after: end))
    }

    /// What is left when the stream has ended.
    mutating func rest() -> Stretch? {
        if isTooLong { return .tooLong }
        return held.isEmpty ? nil : .lines(cut(after: held.count - 1))
    }

    private mutating func cut(after end: Int) -> [UInt8] {
        let tail = Array(held[(end + 1)...])
        held.removeLast(tail.count)
        defer { held = tail }
        searched = 0
        return held
    }

    private mutating func letGo() {
        isTooLong = true
        held = []
        searched = 0
    }

    private mutating func endOfLongLine() -> Stretch? {
        guard let end = held.span.firstLineFeed(in: held.indices) else {
            held = []
            return nil
        }
        held.removeFirst(end + 1)
        isTooLong = false
        return .tooLong
    }
}
