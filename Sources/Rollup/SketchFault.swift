/// Why bytes are no sketch.
public enum SketchFault: String, Error, Sendable {
    case truncated = "unexpected end"
    case trailingBytes = "more bytes after the sketch"
    case unknownVersion = "unknown version"
    case unknownResolution = "unknown resolution"
    /// It has more bytes than it needs, or more than 64 bits.
    case invalidNumber = "invalid number"
    case tooManyEntries = "too many entries"
    case indexOutOfRange = "index out of range"
    /// An entry, a side or a zero count that counts nothing would be spelled by leaving it out.
    case emptyCount = "a count of nothing"
}
