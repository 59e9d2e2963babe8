internal import StrictJSON
public import TimeSeries

/// The two stretches of a line that are known before the log gives it a place.
///
/// The log's writer puts id and server time around them; nothing else is encoded a second time.
///
///     {"id":1042,"event_id":…,"timestamp":"…","server_timestamp":"…","processing_time_ms":3,"enrichment_version":…,"data":…}⏎
///     ╰─writer─╯╰───────── head ─────────────╯╰───────────── writer ───────────────────────╯╰─────────── tail ──────────────╯
public enum EventLineParts {
    /// The version of what Tidemark adds to an event and how; it stands in every line.
    public static let enrichmentVersion = "1.0.0"

    private static let idKey = Array("{\"id\":".utf8)
    private static let serverKey = Array(",\"server_timestamp\":\"".utf8)
    private static let processingKey = Array("\",\"processing_time_ms\":".utf8)

    /// The most bytes that the writer adds to head and tail.
    public static let writerBytesMax =
        idKey.count + 20 + serverKey.count + Timestamp.rfc3339Length + processingKey.count + 21

    /// Appends a whole line.
    public static func appendLine(
        id: EventID, timestamp: Timestamp, serverTime: ServerTime,
        head: Range<Int>, tail: Range<Int>, of parts: Span<UInt8>, to output: inout [UInt8]
    ) {
        output.append(contentsOf: idKey)
        output.append(decimal: id.value)
        output.append(contentsOf: parts, head)
        output.append(contentsOf: serverKey)
        output.append(contentsOf: serverTime.rfc3339)
        output.append(contentsOf: processingKey)
        output.append(decimal: serverTime.moment.milliseconds - timestamp.milliseconds)
        output.append(contentsOf: parts, tail)
    }
}

/// A moment of the server's clock with its spelling, made once for all lines of a group.
public struct ServerTime: Sendable {
    public let moment: Timestamp
    let rfc3339: [UInt8]

    public init(_ moment: Timestamp) {
        self.moment = moment
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Timestamp.rfc3339Length)
        moment.appendRFC3339(to: &bytes)
        rfc3339 = bytes
    }
}
