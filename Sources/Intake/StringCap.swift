internal import EventFormats
internal import EventLine
internal import StrictJSON
internal import TimeSeries

/// Cuts the long strings of one event down to their heads.
///
/// It comes after redaction, so that neither a head nor a hash tells of a secret. Only values are cut:
/// a key says what its value means. The texts of the envelope have limits of their own and are refused,
/// never cut.
struct StringCap {
    private let bytesMax: Int
    private(set) var output: [UInt8] = []
    private(set) var capped = CappedStrings()
    private var copied: Int
    private var path = PathInEvent()
    private var decoded: [UInt8] = []

    init(bytesMax: Int, _ range: Range<Int>) {
        self.bytesMax = bytesMax
        copied = range.lowerBound
    }

    /// - Parameter range: where the event stands.
    /// - Returns: whether anything was cut; then the event stands in `output`.
    mutating func run(_ event: DecodedEvent, _ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        let kept = event.envelopeStarts
        for region in event.cappedRegions where region.value.count > bytesMax {
            path.begin(region.prefix)
            var walked = region.value.lowerBound
            var walker = JSONStringWalker(region.value)
            while let token = walker.next(in: bytes) {
                path.move(over: walked..<token.range.lowerBound, of: bytes)
                walked = token.range.upperBound
                if token.isKey {
                    path.key(token.range)
                } else if token.range.count - 2 > bytesMax, !kept.contains(token.range.lowerBound) {
                    cap(token.range, bytes)
                }
            }
        }
        guard !capped.isEmpty else { return false }
        output.append(contentsOf: bytes, copied..<range.upperBound)
        return true
    }

    /// A token is never shorter than what it says.
    private mutating func cap(_ token: Range<Int>, _ bytes: Span<UInt8>) {
        decoded.removeAll(keepingCapacity: true)
        JSONString.decode(token, in: bytes, appendingTo: &decoded)
        guard decoded.count > bytesMax else { return }
        capped.append(capped.isFull ? nil : entry(bytes))
        var end = bytesMax
        while end > 0, UTF8.isContinuation(decoded[end]) { end -= 1 }
        output.append(contentsOf: bytes, copied..<token.lowerBound)
        let head = Array(decoded[..<end])
        JSONString.encode(head.span, appendingTo: &output)
        copied = token.upperBound
    }

    private func entry(_ bytes: Span<UInt8>) -> CappedStrings.Entry {
        CappedStrings.Entry(
            path: path.text(bytes), bytes: decoded.count,
            sha256: ContentHash.hex(of: decoded.span))
    }
}

extension DecodedEvent {
    fileprivate struct Region {
        /// What stands before the path within it.
        let prefix: Prefix
        let value: Range<Int>
    }

    fileprivate enum Prefix {
        case named(StaticString)
        /// A member at the top, or in what is set aside for the sender.
        case member(StaticString, key: Range<Int>)
    }

    /// What may be cut, in the order in which it came.
    fileprivate var cappedRegions: [Region] {
        var regions: [Region] = []
        if let data { regions.append(Region(prefix: .named("/data"), value: data)) }
        if let metadata { regions.append(Region(prefix: .named("/metadata"), value: metadata)) }
        regions += sender.map {
            Region(prefix: .member("/metadata/sender", key: $0.key), value: $0.value)
        }
        regions += others.map { Region(prefix: .member("", key: $0.key), value: $0.value) }
        return regions.sorted { $0.value.lowerBound < $1.value.lowerBound }
    }

    /// Where the texts begin that the envelope is made of: in raw hook input they stand in the data.
    fileprivate var envelopeStarts: [Int] {
        [eventID, type, sourceApp, sessionID, agentID].compactMap { $0?.range.lowerBound }
            + [cwd, toolUseID, timestamp].compactMap { $0?.lowerBound }
    }
}

/// Where a walk over an event's strings is, to be spelled where somebody needs it.
private struct PathInEvent {
    private enum Step {
        case key(Range<Int>?)
        case index(Int)
    }

    private var prefix = DecodedEvent.Prefix.named("")
    private var steps: [Step] = []

    mutating func begin(_ prefix: DecodedEvent.Prefix) {
        self.prefix = prefix
        steps.removeAll(keepingCapacity: true)
    }

    mutating func key(_ token: Range<Int>) {
        if !steps.isEmpty { steps[steps.count - 1] = .key(token) }
    }

    /// Moves over what stands between two strings.
    mutating func move(over gap: Range<Int>, of bytes: Span<UInt8>) {
        for index in gap {
            switch bytes[index] {
            case UInt8(ascii: "{"): steps.append(.key(nil))
            case UInt8(ascii: "["): steps.append(.index(0))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = steps.popLast()
            case UInt8(ascii: ","):
                guard case .index(let place) = steps.last else { continue }
                steps[steps.count - 1] = .index(place + 1)
            default: break
            }
        }
    }

    /// - Returns: nil where it is too long to be told.
    func text(_ bytes: Span<UInt8>) -> [UInt8]? {
        var text: [UInt8] = []
        switch prefix {
        case .named(let name): text.append(text: name)
        case .member(let name, let key):
            text.append(text: name)
            guard Self.append(key, bytes, to: &text) else { return nil }
        }
        for step in steps {
            switch step {
            case .key(let token):
                guard let token, Self.append(token, bytes, to: &text) else { return nil }
            case .index(let index):
                text.append(UInt8(ascii: "/"))
                text.append(decimal: Int64(index))
            }
        }
        return text.count <= CappedStrings.pathBytesMax ? text : nil
    }

    /// `~` and `/` are escaped as RFC 6901 has it.
    /// - Returns: whether there was room.
    private static func append(
        _ key: Range<Int>, _ bytes: Span<UInt8>, to text: inout [UInt8]
    ) -> Bool {
        var name: [UInt8] = []
        JSONString.decode(key, in: bytes, appendingTo: &name)
        guard text.count + name.count < CappedStrings.pathBytesMax else { return false }
        text.append(UInt8(ascii: "/"))
        for byte in name {
            switch byte {
            case UInt8(ascii: "~"): text.append(text: "~0")
            case UInt8(ascii: "/"): text.append(text: "~1")
            default: text.append(byte)
            }
        }
        return true
    }
}
