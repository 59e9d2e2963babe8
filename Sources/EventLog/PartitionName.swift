public import TimeSeries

/// A partition's file name: when it was begun, and the lowest id that can stand in it.
///
///     20261122T140000Z-00000000000000104201.ndjson
///     ╰── UTC start ─╯ ╰──── first id ────╯       .zst where it is sealed
public struct PartitionName: Hashable, Comparable, Sendable {
    public let start: Timestamp
    public let firstID: EventID

    static let suffix = ".ndjson"
    /// Behind the plain name, of a sealed partition.
    static let sealedSuffix = ".zst"
    /// Behind that, while it is being written.
    static let unfinishedSuffix = ".tmp"

    public init(start: Timestamp, firstID: EventID) {
        // The name has whole seconds, so that reading it gives the same value.
        self.start = Timestamp(milliseconds: start.milliseconds / 1_000 * 1_000)
        self.firstID = firstID
    }

    /// - Returns: nil where the file is none of ours.
    public init?(fileName: String) {
        let bytes = Array(fileName.utf8)
        guard bytes.count == 16 + 1 + 20 + Self.suffix.utf8.count, fileName.hasSuffix(Self.suffix),
            bytes[16] == UInt8(ascii: "-"),
            let firstID = UInt64(String(decoding: bytes[17..<37], as: UTF8.self)),
            let start = Self.start(bytes)
        else { return nil }
        self.init(start: start, firstID: EventID(firstID))
        // Another spelling of the same name would be another file.
        guard self.fileName == fileName else { return nil }
    }

    public var fileName: String {
        let text = Array(start.description.utf8)
        let date = text[0..<4] + text[5..<7] + text[8..<10]
        let time = text[11..<13] + text[14..<16] + text[17..<19]
        let id = String(firstID.value)
        return String(decoding: date, as: UTF8.self) + "T" + String(decoding: time, as: UTF8.self)
            + "Z-" + String(repeating: "0", count: 20 - id.count) + id + Self.suffix
    }

    public var sealedFileName: String { fileName + Self.sealedSuffix }
    var unfinishedFileName: String { sealedFileName + Self.unfinishedSuffix }

    /// - Returns: nil where the file is no sealed partition.
    public init?(sealedFileName: String) {
        self.init(sealedFileName, without: Self.sealedSuffix)
    }

    /// - Returns: nil where the file is none that becomes a sealed partition.
    init?(unfinishedFileName: String) {
        self.init(unfinishedFileName, without: Self.sealedSuffix + Self.unfinishedSuffix)
    }

    private init?(_ fileName: String, without suffix: String) {
        guard fileName.hasSuffix(suffix) else { return nil }
        self.init(fileName: String(fileName.dropLast(suffix.count)))
    }

    /// The highest id that can stand in older partitions.
    var idBefore: EventID { EventID(max(firstID.value, 1) - 1) }

    /// By first id; where a partition was begun twice, by start.
    public static func < (left: Self, right: Self) -> Bool {
        (left.firstID, left.start) < (right.firstID, right.start)
    }

    private static func start(_ name: [UInt8]) -> Timestamp? {
        let text = name.map { Unicode.Scalar($0) }
        func part(_ range: Range<Int>) -> String {
            String(String.UnicodeScalarView(text[range]))
        }
        guard name[8] == UInt8(ascii: "T"), name[15] == UInt8(ascii: "Z") else { return nil }
        return Timestamp(
            rfc3339: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):"
                + "\(part(11..<13)):\(part(13..<15))Z")
    }
}
