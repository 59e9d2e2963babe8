func littleEndianBytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

extension ArraySlice<UInt8> {
    func littleEndian<Integer: FixedWidthInteger>(at index: Int) -> Integer {
        let bytes = self[index..<index + Integer.bitWidth / 8]
        return bytes.reversed().reduce(0) { $0 << 8 | Integer($1) }
    }
}
