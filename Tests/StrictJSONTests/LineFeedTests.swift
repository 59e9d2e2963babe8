import StrictJSON
import Testing

@Suite struct `A line feed` {
    @Test func `is found first at every offset and length around a word`() {
        // 0x0B and 0x09 differ from it by one bit or a borrow, 0x8A by its top bit.
        for filler: UInt8 in [0x61, 0x0B, 0x09, 0x8A, 0x00, 0xFF] {
            for start in 0..<9 {
                for length in 0...25 { expectEveryPlace(filler, start..<(start + length)) }
            }
        }
    }

    private func expectEveryPlace(_ filler: UInt8, _ range: Range<Int>) {
        // Line feeds around the range are not in it.
        var bytes = [UInt8](repeating: 0x0A, count: range.upperBound + 9)
        for index in range { bytes[index] = filler }
        if find(bytes, range) != nil { Issue.record("\(filler), \(range): none is there") }
        for place in range.reversed() {
            bytes[place] = 0x0A
            if find(bytes, range) != place { Issue.record("\(filler), \(range), \(place)") }
        }
    }

    private func find(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        bytes.span.firstLineFeed(in: range)
    }
}
