/// The bytes of the control page. The layout is drawn in FaultShim.h.
struct ControlPage {
    static let length = 4096
    private static let magic = Array("TFC1".utf8)
    private static let ignoreOffset = 4
    private static let delayOffset = 8
    private static let begunOffset = 12
    private static let slotsOffset = 64

    private(set) var bytes: [UInt8]

    init() {
        bytes = Self.magic + [UInt8](repeating: 0, count: Self.length - Self.magic.count)
    }

    init(bytes: [UInt8]) {
        precondition(bytes.count == Self.length, "BUG: a control page of another length")
        self.bytes = bytes
    }

    mutating func apply(_ change: Fault.Change) {
        switch change {
        case .clear: clear()
        case .ignoreSyncs: put(UInt32(1), at: Self.ignoreOffset)
        case .slowSyncs(let microseconds): put(microseconds, at: Self.delayOffset)
        case .fail(let call, let slot): bytes.replaceSubrange(range(of: call), with: slot.bytes)
        }
    }

    var syncsBegun: UInt32 {
        bytes[...].littleEndian(at: Self.begunOffset)
    }

    func hits(of call: Fault.Call) -> UInt64 {
        FaultSlot.hits(in: bytes[range(of: call)])
    }

    /// Disarms; the counts stay, to be read afterwards.
    private mutating func clear() {
        put(UInt32(0), at: Self.ignoreOffset)
        put(UInt32(0), at: Self.delayOffset)
        for call in Fault.Call.allCases {
            put(UInt32(0), at: range(of: call).lowerBound)
        }
    }

    private func range(of call: Fault.Call) -> Range<Int> {
        let start = Self.slotsOffset + call.rawValue * FaultSlot.length
        return start..<start + FaultSlot.length
    }

    private mutating func put(_ value: UInt32, at offset: Int) {
        bytes.replaceSubrange(offset..<offset + 4, with: littleEndianBytes(value))
    }
}
