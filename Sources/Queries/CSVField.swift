extension [UInt8] {
    /// A field as RFC 4180 has it, quoted where it must be. One that a spreadsheet would take for a
    /// formula stays as it is: it is data, and readers of CSV are told to import text as text.
    mutating func append(csv text: String) {
        let special: Set<UInt8> = [0x2C, 0x22, 0x0D, 0x0A]
        guard text.utf8.contains(where: special.contains) else { return self += text.utf8 }
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }
}
