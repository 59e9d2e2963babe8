import TimeSeries
import Testing

@Suite struct `A number in decimal` {
    private static func signed(_ value: Int64) -> String {
        var bytes: [UInt8] = Array("7".utf8)
        bytes.append(decimal: value)
        return String(decoding: bytes.dropFirst(), as: UTF8.self)
    }

    private static func unsigned(_ value: UInt64) -> String {
        var bytes: [UInt8] = Array("7".utf8)
        bytes.append(decimal: value)
        return String(decoding: bytes.dropFirst(), as: UTF8.self)
    }

    @Test func `is the standard library's at every power of ten and two`() {
        var values: Set<UInt64> = [0, UInt64.max, UInt64.max - 1]
        for shift in UInt64(0)..<64 { values.formUnion([1 << shift, (1 << shift) - 1]) }
        var power: UInt64 = 1
        for _ in 0..<20 {
            values.formUnion([power &- 1, power, power &+ 1])
            power = power &* 10
        }
        for value in values {
            #expect(Self.unsigned(value) == String(value))
            let signed = Int64(bitPattern: value)
            #expect(Self.signed(signed) == String(signed))
        }
    }

    @Test func `reaches both ends`() {
        #expect(Self.signed(.min) == "-9223372036854775808")
        #expect(Self.signed(.max) == "9223372036854775807")
        #expect(Self.unsigned(.max) == "18446744073709551615")
        #expect(Self.signed(-1) == "-1")
    }
}
