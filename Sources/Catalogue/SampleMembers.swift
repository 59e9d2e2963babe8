internal import StrictJSON

/// The keys of a sample as callers write them.
enum SampleKey: String, CaseIterable {
    case metric, value, kind, unit, tags, timestamp, temporality
}

/// Where the values of one sample's object stand.
struct SampleMembers {
    private var values = [Range<Int>](repeating: 0..<0, count: SampleKey.allCases.count)
    /// What is wrong with the keys themselves.
    private(set) var fault: SampleFault?
    private var decoded: [UInt8] = []

    /// Empty where the sample has no such key.
    subscript(key: SampleKey) -> Range<Int> { values[key.place] }

    /// Reads an object whose brace is the next byte, to its end: a fault in the keys does not stop it.
    mutating func read(
        _ bytes: Span<UInt8>, _ cursor: inout JSONCursor
    ) throws(JSONFault) {
        fault = nil
        for place in values.indices { values[place] = 0..<0 }
        var more = try cursor.enterObject(in: bytes)
        while more {
            let escapes = cursor.escapes
            let token = try cursor.nextKey(in: bytes)
            let key = key(token, bytes, hasEscape: cursor.escapes != escapes)
            _ = try cursor.peek(in: bytes)
            let start = cursor.position
            try cursor.skipValue(in: bytes, depth: 2)
            if let key { set(key, start..<cursor.position) }
            more = try cursor.anotherMember(in: bytes)
        }
    }

    private mutating func set(_ key: SampleKey, _ value: Range<Int>) {
        if !values[key.place].isEmpty {
            fault = fault ?? SampleFault(.duplicateField, field: key.rawValue, "stands twice")
        }
        values[key.place] = value
    }

    private mutating func key(
        _ token: Range<Int>, _ bytes: Span<UInt8>, hasEscape: Bool
    ) -> SampleKey? {
        let text = token.lowerBound + 1..<token.upperBound - 1
        if !hasEscape {
            if let key = SampleKey(bytes, text) { return key }
            fault = fault ?? SampleFault(unknown: bytes.extracting(text))
        } else {
            decoded.removeAll(keepingCapacity: true)
            JSONString.decode(token, in: bytes, appendingTo: &decoded)
            if let key = SampleKey(decoded.span, 0..<decoded.count) { return key }
            fault = fault ?? SampleFault(unknown: decoded.span)
        }
        return nil
    }
}

extension SampleFault {
    fileprivate init(unknown key: Span<UInt8>) {
        self.init(.unknownField, field: Self.name(key), "a sample has no such key")
    }
}

extension SampleKey {
    /// By length and first letter there is one that it can be.
    fileprivate init?(_ bytes: Span<UInt8>, _ text: Range<Int>) {
        let key: (SampleKey, StaticString)
        switch (text.count, text.isEmpty ? 0 : bytes[text.lowerBound]) {
        case (4, UInt8(ascii: "k")): key = (.kind, "kind")
        case (4, UInt8(ascii: "u")): key = (.unit, "unit")
        case (4, UInt8(ascii: "t")): key = (.tags, "tags")
        case (5, UInt8(ascii: "v")): key = (.value, "value")
        case (6, UInt8(ascii: "m")): key = (.metric, "metric")
        case (9, UInt8(ascii: "t")): key = (.timestamp, "timestamp")
        case (11, UInt8(ascii: "t")): key = (.temporality, "temporality")
        default: return nil
        }
        guard bytes.has(key.1, at: text.lowerBound) else { return nil }
        self = key.0
    }

    fileprivate var place: Int {
        switch self {
        case .metric: 0
        case .value: 1
        case .kind: 2
        case .unit: 3
        case .tags: 4
        case .timestamp: 5
        case .temporality: 6
        }
    }
}
