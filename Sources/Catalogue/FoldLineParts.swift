internal import StrictJSON
public import TimeSeries

/// The two stretches of a line that is for the folds alone: samples, or a catalogue.
///
///     {"id":7,"kind":"samples","server_timestamp":"2025-01-31T10:30:00.003Z","samples":[…]}⏎
///     ╰writer╯╰───── head ────╯╰─────────────── writer ────────────────────╯╰─── tail ─────╯
///
/// As with `EventLineParts`, the log's writer puts id and server time around them.
public enum FoldLineParts {
    static let samplesHead: StaticString = ",\"kind\":\"samples\""
    static let catalogueHead: StaticString = ",\"kind\":\"catalogue\""

    /// The most bytes that the writer adds to head and tail.
    public static let writerBytesMax = 6 + 20 + 21 + Timestamp.rfc3339Length + 1

    /// Appends a whole line.
    public static func appendLine(
        id: EventID, serverTime: Timestamp, head: Range<Int>, tail: Range<Int>,
        of parts: Span<UInt8>, to output: inout [UInt8]
    ) {
        output.append(text: "{\"id\":")
        output.append(decimal: id.value)
        output.append(contentsOf: parts, head)
        output.append(text: ",\"server_timestamp\":\"")
        serverTime.appendRFC3339(to: &output)
        output.append(UInt8(ascii: "\""))
        output.append(contentsOf: parts, tail)
    }
}
