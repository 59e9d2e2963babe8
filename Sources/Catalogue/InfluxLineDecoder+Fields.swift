internal import StrictJSON
internal import TimeSeries

// MARK: Names and tags

extension InfluxLineDecoder {
    mutating func readTags(_ bytes: Span<UInt8>) throws(SampleFault) {
        tags.removeAll()
        tagText.removeAll(keepingCapacity: true)
        guard line.tags.count <= limits.tagsMax else {
            throw SampleFault(.tooManyTags, field: "tags", "more than \(limits.tagsMax)")
        }
        for index in line.tags.indices { try addTag(line.tags[index], bytes) }
        _ = tags.sort()
        tags.appendCanonical(to: &tagText)
        if tags.bytes.span.hasHighByte(in: 0..<tags.bytes.count) { try checkText() }
    }

    private mutating func addTag(
        _ tag: InfluxLine.Tag, _ bytes: Span<UInt8>
    ) throws(SampleFault) {
        let start = tags.bytes.count
        tags.bytes.append(name: tag.key, of: bytes) { SampleTags.isKeyByte($0, isFirst: $1) }
        let middle = tags.bytes.count
        InfluxText.append(tag.value, of: bytes, to: &tags.bytes)
        guard middle - start <= limits.tagKeyBytesMax,
            tags.bytes.count - middle <= limits.tagValueBytesMax
        else {
            throw SampleFault(
                .fieldTooLong, field: "tags",
                "a key is longer than \(limits.tagKeyBytesMax) bytes, or a value than "
                    + "\(limits.tagValueBytesMax)")
        }
        tags.add(key: start..<middle, value: middle..<tags.bytes.count)
    }

    /// The bytes of a tag's value come from outside and must be UTF-8.
    private func checkText() throws(SampleFault) {
        var cursor = JSONCursor(0..<tagText.count)
        guard (try? cursor.skipValue(in: tagText.span)) != nil else {
            throw SampleFault(.invalidField, field: "tags", "must be UTF-8")
        }
    }

    /// Begins the name of each field's metric: `cpu.`
    mutating func readMeasurement(_ bytes: Span<UInt8>) {
        name.removeAll(keepingCapacity: true)
        name.append(name: line.measurement, of: bytes, isAllowed: Self.isNameByte)
        name.append(UInt8(ascii: "."))
    }

    private static func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        SampleTags.isKeyByte(byte, isFirst: isFirst)
            || !isFirst && (byte == UInt8(ascii: ":") || byte == UInt8(ascii: "/"))
    }
}

// MARK: Fields

extension InfluxLineDecoder {
    mutating func takeFields(
        _ bytes: Span<UInt8>, _ time: Timestamp, into lines: inout SampleLines
    ) throws(SampleFault) {
        let generation = lines.generation
        let known = heads.fields(of: line, bytes, generation: generation)
        var taken = 0
        if let known {
            while taken < known.count, lines.generation == generation,
                takeKnown(
                    line.fields[taken], heads[known.lowerBound + taken], bytes, time, into: &lines)
            {
                taken += 1
            }
            verdicts.accepted += taken
            if taken == known.count { return }
        }
        try readTags(bytes)
        readMeasurement(bytes)
        series.removeAll(keepingCapacity: true)
        for index in line.fields.indices.dropFirst(taken) {
            take(line.fields[index], bytes, time, into: &lines)
        }
        if known == nil, series.count == line.fields.count, lines.generation == generation {
            heads.learn(line, bytes, series, generation: generation)
        }
    }

    /// - Returns: false where it is no sample, or not one that the log can hold.
    @inline(__always)
    private mutating func takeKnown(
        _ field: InfluxLine.Field, _ known: InfluxHeads.Field, _ bytes: Span<UInt8>,
        _ time: Timestamp, into lines: inout SampleLines
    ) -> Bool {
        guard !field.isString else { return false }
        numbers.removeAll(keepingCapacity: true)
        switch InfluxNumber.read(bytes, field.value, respelling: &numbers) {
        case .plain(let range):
            guard bytes.isQuantity(range, known.scale) else { return false }
            lines.append(to: known.group, time, number: bytes.extracting(range))
        case .respelled(let range):
            guard numbers.span.isQuantity(range, known.scale) else { return false }
            lines.append(to: known.group, time, number: numbers.span.extracting(range))
        case .notFinite, .outOfRange, .notANumber: return false
        }
        return true
    }

    private mutating func take(
        _ field: InfluxLine.Field, _ bytes: Span<UInt8>, _ time: Timestamp,
        into lines: inout SampleLines
    ) {
        if field.isString {
            verdicts.skippedStrings += 1
            return
        }
        let prefix = name.count
        name.append(name: field.key, of: bytes) { byte, _ in Self.isNameByte(byte, isFirst: false) }
        defer { name.removeSubrange(prefix...) }
        do throws(SampleFault) {
            try append(field, bytes, time, into: &lines)
            verdicts.accepted += 1
        } catch {
            let fieldName = SampleFault.name(name.span.extracting(prefix..<name.count))
            reject(SampleFault(error.code, field: fieldName, error.message))
        }
    }

    private mutating func append(
        _ field: InfluxLine.Field, _ bytes: Span<UInt8>, _ time: Timestamp,
        into lines: inout SampleLines
    ) throws(SampleFault) {
        guard name.count <= MetricName.bytesMax else {
            throw SampleFault(
                .fieldTooLong, "the metric's name has more than \(MetricName.bytesMax) bytes")
        }
        let scale = known.scale(of: name.span)
        numbers.removeAll(keepingCapacity: true)
        switch InfluxNumber.read(bytes, field.value, respelling: &numbers) {
        case .plain(let range):
            let group = try open(isInRange: bytes.isQuantity(range, scale), &lines)
            lines.append(to: group, time, number: bytes.extracting(range))
        case .respelled(let range):
            let group = try open(isInRange: numbers.span.isQuantity(range, scale), &lines)
            lines.append(to: group, time, number: numbers.span.extracting(range))
        case .notFinite: throw SampleFault(.valueNotFinite, "must be finite")
        case .outOfRange: throw SampleFault(.valueOutOfRange, "is no 64-bit number")
        case .notANumber:
            throw SampleFault(.invalidField, "must be a number, a boolean or a quoted string")
        }
    }

    /// - Returns: the group of the series that is named.
    private mutating func open(
        isInRange: Bool, _ lines: inout SampleLines
    ) throws(SampleFault) -> Int {
        guard isInRange else { throw SampleFault(.valueOutOfRange, "is too large") }
        try known.check(name, .gauge)
        let group = lines.group(
            name.span, .gauge, isCumulative: false, unit: Span(), tags: tagText.span)
        series.append((group, known.scale(of: name.span)))
        return group
    }
}

// MARK: Bytes

extension [UInt8] {
    /// Appends a name, with `_` for each character that it may not have. A character that it may only
    /// not begin with stays, after a `_`.
    fileprivate mutating func append(
        name text: InfluxLine.Text, of bytes: Span<UInt8>,
        isAllowed: (_ byte: UInt8, _ isFirst: Bool) -> Bool
    ) {
        let start = count
        for index in text.range {
            let byte = bytes[index]
            if isAllowed(byte, count == start) {
                append(byte)
            } else if byte & 0xC0 == 0x80 {
                continue  // Of a character of several bytes the first one counts.
            } else if text.hasBackslash, byte == UInt8(ascii: "\\"),
                index + 1 < text.range.upperBound,
                InfluxText.isEscaped(bytes[index + 1])
            {
                continue
            } else {
                append(UInt8(ascii: "_"))
                if isAllowed(byte, false) { append(byte) }
            }
        }
    }
}

extension Span<UInt8> {
    /// Whether a number is in range at a scale.
    @inline(__always)
    fileprivate func isQuantity(_ number: Range<Int>, _ scale: QuantityScale) -> Bool {
        // So few bytes without an exponent are in range at every scale.
        if number.count <= 16, !hasExponent(in: number) { return true }
        return (try? Quantity(decimal: self, range: number, scale: scale)) != nil
    }

    fileprivate func hasExponent(in range: Range<Int>) -> Bool {
        for index in range where self[index] | 0x20 == UInt8(ascii: "e") { return true }
        return false
    }

    fileprivate func hasHighByte(in range: Range<Int>) -> Bool {
        for index in range where self[index] >= 0x80 { return true }
        return false
    }
}
