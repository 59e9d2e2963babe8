internal import EventLine
internal import StrictJSON
internal import TimeSeries

/// The head of a line that is no event.
///
///     {"id":7,"kind":"samples","server_timestamp":"2025-01-31T10:30:00.003Z","samples":…
///                                                                          ^ end
struct LineHead {
    enum Kind {
        case header, samples, catalogue
        /// Nothing is counted of it.
        case transcript
    }

    let kind: Kind
    let id: EventID
    let serverTime: Timestamp
    /// Where the comma before the next key stands.
    let end: Int

    /// - Returns: nil where the line is an event, of another kind, or damaged.
    init?(_ line: Span<UInt8>) {
        guard let id = EventEnvelope.id(of: line) else {
            guard line.has("{\"kind\":\"header\"", at: 0) else { return nil }
            (kind, self.id, serverTime, end) = (.header, .none, Timestamp(milliseconds: 0), 0)
            return
        }
        var position = 6
        while position < line.count, line[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        if line.has(",\"kind\":\"samples\"", at: position) {
            (kind, position) = (.samples, position + 17)
        } else if line.has(",\"kind\":\"catalogue\"", at: position) {
            (kind, position) = (.catalogue, position + 19)
        } else if line.has(",\"kind\":\"transcript\"", at: position) {
            (kind, position) = (.transcript, position + 20)
        } else {
            return nil
        }
        guard line.has(",\"server_timestamp\":\"", at: position) else { return nil }
        position += 21
        let timeEnd = position + Timestamp.rfc3339Length
        guard timeEnd < line.count, line[timeEnd] == UInt8(ascii: "\""),
            let time = Timestamp(rfc3339: line.extracting(position..<timeEnd))
        else { return nil }
        self.id = id
        serverTime = time
        end = timeEnd + 1
    }
}

extension Span<UInt8> {
    /// Whether nothing but the closing brace and a line feed stands here.
    func ends(at position: Int) -> Bool {
        guard position < count, self[position] == UInt8(ascii: "}") else { return false }
        return position + 1 == count || position + 2 == count && self[position + 1] == 0x0A
    }
}
