/// One slot of the control page. The layout is drawn in FaultShim.h.
struct FaultSlot {
    static let length = 64
    private static let hitsOffset = 48

    let error: Int32
    let start: Fault.Start
    let times: UInt64
    let part: Fault.Part

    /// Armed, with the shim's own counts at zero.
    var bytes: [UInt8] {
        let words: [UInt32] = [1, UInt32(bitPattern: error), unit, partKind]
        let longs: [UInt64] = [after, times, partBytes, 0, 0, 0]
        return words.flatMap(littleEndianBytes) + longs.flatMap(littleEndianBytes)
    }

    static func hits(in slot: ArraySlice<UInt8>) -> UInt64 {
        slot.littleEndian(at: slot.startIndex + hitsOffset)
    }

    private var unit: UInt32 {
        if case .bytes = start { 1 } else { 0 }
    }

    private var after: UInt64 {
        switch start {
        case .calls(let count), .bytes(let count): count
        }
    }

    private var partKind: UInt32 {
        switch part {
        case .nothing: 0
        case .short: 1
        case .torn: 2
        }
    }

    private var partBytes: UInt64 {
        switch part {
        case .nothing: 0
        case .short(let bytes), .torn(let bytes): bytes
        }
    }
}
