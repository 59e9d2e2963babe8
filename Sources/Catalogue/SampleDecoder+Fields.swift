internal import StrictJSON
internal import TimeSeries

// MARK: One sample

extension SampleDecoder {
    mutating func append(
        _ bytes: Span<UInt8>, into lines: inout SampleLines
    ) throws(SampleFault) {
        try readName(bytes)
        let kind = try kind(bytes)
        let isCumulative = try isCumulative(kind, bytes)
        let value = try value(kind, bytes)
        try readUnit(bytes)
        try readTags(bytes)
        let time = try time.read(members[.timestamp], bytes)
        try known.check(name, kind)
        lines.append(
            name.span, kind, isCumulative: isCumulative, unit: unit.span, tags: tagText.span, time,
            number: bytes.extracting(value))
    }

    private mutating func readName(_ bytes: Span<UInt8>) throws(SampleFault) {
        let token = try required(.metric)
        guard Self.decode(token, bytes, into: &name), MetricName.isValid(name.span) else {
            throw SampleFault(
                .invalidField, field: "metric",
                "must be a letter or _, then letters, digits and _ . : / -, "
                    + "at most \(MetricName.bytesMax) bytes")
        }
    }

    private func kind(_ bytes: Span<UInt8>) throws(SampleFault) -> MetricKind {
        let token = members[.kind]
        if token.isEmpty {
            guard let kind = known.kind(of: name.span) else {
                throw SampleFault(
                    .missingField, field: "kind", "is needed while the metric is not known")
            }
            return kind
        }
        for kind in MetricKind.allCases where bytes.isToken(token, kind.rawValue) { return kind }
        throw SampleFault(.invalidField, field: "kind", "must be gauge, counter or distribution")
    }

    private func isCumulative(
        _ kind: MetricKind, _ bytes: Span<UInt8>
    ) throws(SampleFault) -> Bool {
        let token = members[.temporality]
        if token.isEmpty || bytes.isToken(token, "delta") { return false }
        guard bytes.isToken(token, "cumulative") else {
            throw SampleFault(
                .invalidField, field: "temporality", "must be delta or cumulative")
        }
        guard kind == .counter else {
            throw SampleFault(.invalidField, field: "temporality", "only a counter is cumulative")
        }
        return true
    }

    private func value(
        _ kind: MetricKind, _ bytes: Span<UInt8>
    ) throws(SampleFault) -> Range<Int> {
        let token = try required(.value)
        let first = bytes[token.lowerBound]
        guard first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") < 10 else {
            throw SampleFault(notANumber: token, bytes)
        }
        guard
            let quantity = try? Quantity(
                decimal: bytes, range: token, scale: known.scale(of: name.span))
        else { throw SampleFault(.valueOutOfRange, field: "value", "is too large") }
        guard kind != .counter || quantity >= .zero else {
            throw SampleFault(.invalidField, field: "value", "a counter only rises")
        }
        return token
    }

    private mutating func readUnit(_ bytes: Span<UInt8>) throws(SampleFault) {
        unit.removeAll(keepingCapacity: true)
        let token = members[.unit]
        if token.isEmpty { return }
        guard Self.decode(token, bytes, into: &unit), SampleLines.isUnit(unit.span) else {
            throw SampleFault(
                .invalidField, field: "unit",
                "must be printable ASCII, at most \(SampleLines.unitBytesMax) bytes")
        }
    }

    private func required(_ key: SampleKey) throws(SampleFault) -> Range<Int> {
        let token = members[key]
        guard !token.isEmpty else {
            throw SampleFault(.missingField, field: key.rawValue, "is missing")
        }
        return token
    }

    /// - Returns: false where the token is no string, or no Unicode.
    private static func decode(
        _ token: Range<Int>, _ bytes: Span<UInt8>, into output: inout [UInt8]
    ) -> Bool {
        output.removeAll(keepingCapacity: true)
        guard bytes[token.lowerBound] == UInt8(ascii: "\"") else { return false }
        return JSONString.decode(token, in: bytes, appendingTo: &output)
    }
}

// MARK: Tags

extension SampleDecoder {
    private mutating func readTags(_ bytes: Span<UInt8>) throws(SampleFault) {
        tags.removeAll()
        tagText.removeAll(keepingCapacity: true)
        let object = members[.tags]
        if !object.isEmpty {
            guard bytes[object.lowerBound] == UInt8(ascii: "{") else {
                throw SampleFault(.invalidField, field: "tags", "must be an object of strings")
            }
            try gatherTags(bytes, object)
            if tags.sort() {
                throw SampleFault(.duplicateField, field: "tags", "a key stands twice")
            }
        }
        tags.appendCanonical(to: &tagText)
    }

    private mutating func gatherTags(
        _ bytes: Span<UInt8>, _ object: Range<Int>
    ) throws(SampleFault) {
        var cursor = JSONCursor(object)
        // The object was moved over before, so no fault of JSON can be found here.
        guard var more = try? cursor.enterObject(in: bytes) else { return }
        while more, let key = try? cursor.nextKey(in: bytes),
            (try? cursor.peek(in: bytes)) != nil
        {
            let start = cursor.position
            guard (try? cursor.skipValue(in: bytes)) != nil else { return }
            guard tags.count < limits.tagsMax else {
                throw SampleFault(.tooManyTags, field: "tags", "more than \(limits.tagsMax)")
            }
            try addTag(key, start..<cursor.position, bytes)
            more = (try? cursor.anotherMember(in: bytes)) ?? false
        }
    }

    private mutating func addTag(
        _ key: Range<Int>, _ value: Range<Int>, _ bytes: Span<UInt8>
    ) throws(SampleFault) {
        let start = tags.bytes.count
        let isText = JSONString.decode(key, in: bytes, appendingTo: &tags.bytes)
        let middle = tags.bytes.count
        guard isText, SampleTags.isKey(tags.bytes.span.extracting(start..<middle)),
            middle - start <= limits.tagKeyBytesMax
        else {
            throw SampleFault(
                .invalidField, field: "tags",
                "a key must be a letter or _, then letters, digits and _ . -, "
                    + "at most \(limits.tagKeyBytesMax) bytes")
        }
        guard bytes[value.lowerBound] == UInt8(ascii: "\""),
            JSONString.decode(value, in: bytes, appendingTo: &tags.bytes)
        else {
            throw SampleFault(.invalidField, field: tagName(start..<middle), "must be a string")
        }
        guard tags.bytes.count - middle <= limits.tagValueBytesMax else {
            throw SampleFault(
                .fieldTooLong, field: tagName(start..<middle),
                "longer than \(limits.tagValueBytesMax) bytes")
        }
        tags.add(key: start..<middle, value: middle..<tags.bytes.count)
    }

    private func tagName(_ key: Range<Int>) -> String {
        "tags." + (SampleFault.name(tags.bytes.span.extracting(key)) ?? "?")
    }
}

extension SampleFault {
    /// What stands where a number is wanted: senders' libraries write what is not finite as a string, or
    /// as null.
    fileprivate init(notANumber token: Range<Int>, _ bytes: Span<UInt8>) {
        let isNull = bytes[token.lowerBound] == UInt8(ascii: "n")
        let text = token.lowerBound + 1..<max(token.upperBound - 1, token.lowerBound + 1)
        let isWord =
            bytes[token.lowerBound] == UInt8(ascii: "\"") && InfluxNumber.isNotFinite(bytes, text)
        self.init(
            isNull || isWord ? .valueNotFinite : .invalidField, field: "value",
            isNull || isWord ? "must be finite" : "must be a number")
    }
}

extension Span<UInt8> {
    /// Whether a token is a string of exactly these bytes.
    fileprivate func isToken(_ token: Range<Int>, _ word: String) -> Bool {
        let word = word.utf8
        guard token.count == word.count + 2, self[token.lowerBound] == UInt8(ascii: "\"") else {
            return false
        }
        var position = token.lowerBound + 1
        for letter in word {
            guard self[position] == letter else { return false }
            position += 1
        }
        return true
    }
}
