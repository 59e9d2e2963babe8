internal import EventFormats
internal import Intake
internal import StrictJSON

/// What decoding has made of many events: those that were accepted, and why the others were not.
struct DecodedStretch: Sendable {
    /// Rejections that are kept; the others are counted.
    static let rejectionsMax = 100

    private(set) var batch: EventBatch
    private(set) var rejected: [(index: Int, fault: EventFault)] = []
    private(set) var rejectedCount = 0
    /// Accepted and rejected.
    private(set) var count = 0

    init(reservingBytes bytes: Int = 0) {
        batch = EventBatch(reservingBytes: bytes)
    }

    mutating func take(
        _ range: Range<Int>, of bytes: Span<UInt8>, _ context: EventIntake.Context,
        _ intake: inout EventIntake
    ) {
        do throws(EventFault) {
            try intake.take(range, of: bytes, context, into: &batch)
            count += 1
        } catch {
            reject(error)
        }
    }

    mutating func reject(_ fault: EventFault) {
        if rejected.count < Self.rejectionsMax { rejected.append((count, fault)) }
        rejectedCount += 1
        count += 1
    }
}

extension EventIntake {
    /// Decodes a stretch of lines; blank ones are nothing.
    func decode(
        _ stretch: LineStretches.Stretch, _ context: Context, lineBytesMax: Int
    ) -> DecodedStretch {
        guard case .lines(let bytes) = stretch else {
            var decoded = DecodedStretch()
            decoded.reject(EventFault(.eventTooLarge, "larger than \(lineBytesMax) bytes"))
            return decoded
        }
        // Lines are longer than the events they are made of by what the server adds.
        var decoded = DecodedStretch(reservingBytes: bytes.count + bytes.count / 4)
        var intake = self
        let span = bytes.span
        var start = 0
        while start < span.count {
            let end = span.firstLineFeed(in: start..<span.count) ?? span.count
            // The carriage return of a CRLF is no part of the event.
            let isCRLF = end > start && span[end - 1] == UInt8(ascii: "\r")
            let line = start..<(isCRLF ? end - 1 : end)
            if !span.isBlank(line) { decoded.take(line, of: span, context, &intake) }
            start = end + 1
        }
        return decoded
    }
}

extension Span<UInt8> {
    fileprivate func isBlank(_ range: Range<Int>) -> Bool {
        for index in range where self[index] > 0x20 { return false }
        return true
    }
}
