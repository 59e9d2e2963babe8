internal import Foundation

/// An answer, as it came over the wire.
public struct HTTPAnswer: Sendable {
    public let status: Int
    /// Names in small letters; a repeated field's values with commas between.
    public let headers: [String: String]
    public let body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }
    public var lines: [ArraySlice<UInt8>] { body.lines }
}

extension [UInt8] {
    /// The lines, each with its line feed where it has one.
    public var lines: [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            while start < bytes.count,
                let end = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
            {
                let next = UnsafeRawPointer(end) - base + 1
                lines.append(self[start..<next])
                start = next
            }
        }
        if start < count { lines.append(self[start...]) }
        return lines
    }
}
