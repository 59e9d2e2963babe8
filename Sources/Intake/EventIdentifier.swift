internal import TimeSeries

/// Ids for events that come without one: UUIDs as RFC 9562 has them.
enum EventIdentifier {
    /// Ids must be the same in every process and every version, so this key is fixed.
    private static let hash = KeyedHash(key: (0x7469_6465_6D61_726B, 0x6576_656E_742D_6964))

    /// Version 8 (section 5.8): these parts alone decide it.
    static func appendDerived(from parts: [UInt8], to output: inout [UInt8]) {
        let value = hash.hash(parts.span)
        append(version: 8, value.high, value.low, to: &output)
    }

    /// Version 7 (section 5.7): the time, then random bits.
    static func appendRandom(now: Timestamp, to output: inout [UInt8]) {
        let time = UInt64(bitPattern: now.milliseconds) << 16
        let random = UInt64.random(in: .min ... .max)
        append(version: 7, time | random & 0xFFFF, UInt64.random(in: .min ... .max), to: &output)
    }

    private static func append(
        version: UInt64, _ high: UInt64, _ low: UInt64, to output: inout [UInt8]
    ) {
        let high = high & ~0xF000 | version << 12
        let low = low & ~(0b11 << 62) | 0b10 << 62
        for place in 0..<16 {
            if place == 4 || place == 6 || place == 8 || place == 10 {
                output.append(UInt8(ascii: "-"))
            }
            let half = place < 8 ? high : low
            let byte = UInt8(truncatingIfNeeded: half >> UInt64(56 - place % 8 * 8))
            output.append(hexDigit(byte >> 4))
            output.append(hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
