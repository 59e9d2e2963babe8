import Foundation

/// Gzip (RFC 1952, RFC 1951) without a compressor.
enum GzipMember {
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    /// A member that holds these bytes in stored blocks.
    static func stored(_ bytes: [UInt8], name: String? = nil) -> [UInt8] {
        var member = header
        if let name {
            member[3] = 8
            member += Array(name.utf8) + [0]
        }
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            member.append(rest.isEmpty ? 1 : 0)
            member += littleEndian(UInt16(block.count)) + littleEndian(~UInt16(block.count))
            member += block
        } while !rest.isEmpty
        return member + littleEndian(checksum(bytes)) + littleEndian(UInt32(bytes.count))
    }

    /// A line of one event of the app `APP`, as a real compressor wrote it, with a Huffman table of
    /// its own.
    static let compressed = Array(
        Data(
            base64Encoded: """
                H4sIAAAAAAACAy3QvQqDMBRA4b1PUTJ3MP+JW9/AobtIdXCpYixtEd+90ZPlHrhc+Eg2sf7mQdTiIW4i
                Te/lObTdPOfFvWmO1ZDSOL3asc+rlBd9t3ai3sQ6fNe8+kxLX12PaeSZoM4o4vQZpjFcWC6Ic4QLz0Xg
                grh4hmnBIpgmHkwSixbRNPFokli4CKeJh5PE4smqvI4EQEVceSsXsAFPEVc8LlADnCIOjmnKU8E08WCS
                WLRYPpZ4NEksXHRi3y9/W2yV7+EBAAA=
                """, options: .ignoreUnknownCharacters) ?? Data())

    private static func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// CRC-32, bit by bit.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (0xEDB8_8320 * (sum & 1)) }
        }
    }
}

// MARK: A bomb

extension GzipMember {
    /// A gibibyte of zeros and a little: 6.8 MB on the wire.
    ///
    /// One block of the fixed table: the literal 0, then matches of 258 bytes at distance 1. Such a
    /// match has 13 bits, so eight of them repeat the same 13 bytes wherever in a byte they begin.
    static let bomb: [UInt8] = {
        let start = "110" + "00110000"
        let eightMatches = String(repeating: "11000101" + "00000", count: 8)
        let short = bytes(start + eightMatches + "0000000")
        let long = bytes(start + eightMatches + eightMatches)
        var member = header + long[..<2]
        for _ in 1..<bombGroups { member += long[2..<15] }
        member += short[2...]
        member += littleEndian(bombChecksum)
        member += littleEndian(UInt32(1 + bombGroups * 8 * 258))
        return member
    }()

    private static let bombGroups = 520_231
    /// CRC-32 of so many zeros.
    private static let bombChecksum: UInt32 = 0x8A95_3B29

    /// Bits in the order of the stream; a byte's first bit is its lowest.
    private static func bytes(_ bits: String) -> [UInt8] {
        let bits = Array(bits)
        return stride(from: 0, to: bits.count, by: 8).map { start in
            var byte: UInt8 = 0
            for place in start..<min(start + 8, bits.count) where bits[place] == "1" {
                byte |= 1 << UInt8(place - start)
            }
            return byte
        }
    }
}
