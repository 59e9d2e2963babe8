internal import StrictJSON
internal import TimeSeries

/// A catalogue as it stands in the log:
///
///     {"format":1,"metrics":[
///      {"name":"queries","kind":"counter","unit":"1","scale":6,"help":"Queries sent.",
///       "source":{"type":"DatabaseQuery","source_app":"web",     any app where it is missing
///                 "value":"one",                                 or {"number":["a","b"]}, {"size":["a"]}
///                 "tags":[{"key":"table","from":["table"]},      a path in data, or the name of a field
///                         {"key":"app","from":"source_app"}]}}]}
///
/// An entry without `source` only declares its metric. The same entries always give the same bytes.
extension UserCatalogue {
    public func appendJSON(to output: inout [UInt8]) {
        output.append(text: "{\"format\":1,\"metrics\":[")
        for (index, metric) in metrics.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            metric.appendJSON(to: &output)
        }
        output.append(text: "]}")
    }

    public var json: [UInt8] {
        var bytes: [UInt8] = []
        appendJSON(to: &bytes)
        return bytes
    }

    /// 32 hexadecimal digits that tell one catalogue from another.
    public var digest: String {
        let json = json
        let hash = StableHash(json.span)
        return [hash.high, hash.low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// - Returns: nil where the text is not one that `appendJSON` of this version writes.
    public init?(json: Span<UInt8>) {
        guard let value = JSONValue(json), value["format"]?.integer == 1,
            let elements = value["metrics"]?.elements
        else { return nil }
        metrics = elements.compactMap(UserMetric.init(json:))
        guard metrics.count == elements.count else { return nil }
    }
}

extension UserCatalogue {
    /// Appends the two stretches of the line that puts these entries into force (see `FoldLineParts`).
    ///
    ///     {"id":9,"kind":"catalogue","server_timestamp":"…","digest":"0f3c…","catalogue":{…}}⏎
    public func appendLineParts(
        to output: inout [UInt8]
    ) -> (head: Range<Int>, tail: Range<Int>) {
        let start = output.count
        output.append(text: FoldLineParts.catalogueHead)
        let middle = output.count
        output.append(text: ",\"digest\":\"")
        output += digest.utf8
        output.append(text: "\",\"catalogue\":")
        appendJSON(to: &output)
        output.append(text: "}\n")
        return (start..<middle, middle..<output.count)
    }
}

// MARK: Writing

extension UserMetric {
    fileprivate func appendJSON(to output: inout [UInt8]) {
        output.append(text: "{\"name\":")
        JSONString.encode(name, appendingTo: &output)
        output.append(text: ",\"kind\":")
        JSONString.encode(kind.rawValue, appendingTo: &output)
        output.append(text: ",\"unit\":")
        JSONString.encode(unit, appendingTo: &output)
        output.append(text: ",\"scale\":")
        output.append(decimal: Int64(scale.digits))
        output.append(text: ",\"help\":")
        JSONString.encode(help, appendingTo: &output)
        if let source {
            output.append(text: ",\"source\":")
            source.appendJSON(to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }
}

extension UserMetric.Source {
    fileprivate func appendJSON(to output: inout [UInt8]) {
        output.append(text: "{\"type\":")
        JSONString.encode(type, appendingTo: &output)
        if let sourceApp {
            output.append(text: ",\"source_app\":")
            JSONString.encode(sourceApp, appendingTo: &output)
        }
        output.append(text: ",\"value\":")
        value.appendJSON(to: &output)
        output.append(text: ",\"tags\":[")
        for (index, tag) in tags.enumerated() {
            output.append(text: index > 0 ? ",{\"key\":" : "{\"key\":")
            JSONString.encode(tag.key, appendingTo: &output)
            output.append(text: ",\"from\":")
            tag.from.appendJSON(to: &output)
            output.append(UInt8(ascii: "}"))
        }
        output.append(text: "]}")
    }
}

extension UserMetric.Value {
    fileprivate func appendJSON(to output: inout [UInt8]) {
        switch self {
        case .one: output.append(text: "\"one\"")
        case .number(let path):
            output.append(text: "{\"number\":")
            path.appendJSON(to: &output)
            output.append(UInt8(ascii: "}"))
        case .size(let path):
            output.append(text: "{\"size\":")
            path.appendJSON(to: &output)
            output.append(UInt8(ascii: "}"))
        }
    }
}

extension UserMetric.TagSource {
    /// The fields of the envelope, by name.
    fileprivate static let fields: [(name: String, source: UserMetric.TagSource)] = [
        ("type", .type), ("source_app", .sourceApp), ("session_id", .sessionID),
        ("agent_id", .agentID),
    ]

    fileprivate func appendJSON(to output: inout [UInt8]) {
        if case .data(let path) = self { return path.appendJSON(to: &output) }
        let name = Self.fields.first { $0.source == self }?.name ?? ""
        JSONString.encode(name, appendingTo: &output)
    }
}

extension DataPath {
    fileprivate func appendJSON(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "["))
        for (index, key) in keys.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            JSONString.encode(key, appendingTo: &output)
        }
        output.append(UInt8(ascii: "]"))
    }
}

// MARK: Reading

extension UserMetric {
    fileprivate init?(json: JSONValue) {
        guard let name = json["name"]?.string,
            let kind = json["kind"]?.string.flatMap(MetricKind.init),
            let unit = json["unit"]?.string,
            let scale = json["scale"]?.integer.flatMap(QuantityScale.init(digits:)),
            let help = json["help"]?.string
        else { return nil }
        self.init(name: name, kind: kind, unit: unit, scale: scale, help: help)
        guard let source = json["source"] else { return }
        guard let source = Source(json: source) else { return nil }
        self.source = source
    }
}

extension UserMetric.Source {
    fileprivate init?(json: JSONValue) {
        guard let type = json["type"]?.string,
            let value = json["value"].flatMap(UserMetric.Value.init(json:)),
            let elements = json["tags"]?.elements
        else { return nil }
        let tags = elements.compactMap { element -> UserMetric.Tag? in
            guard let key = element["key"]?.string,
                let from = element["from"].flatMap(UserMetric.TagSource.init(json:))
            else { return nil }
            return UserMetric.Tag(key, from: from)
        }
        guard tags.count == elements.count else { return nil }
        self.init(type: type, sourceApp: json["source_app"]?.string, value: value, tags: tags)
    }
}

extension UserMetric.Value {
    fileprivate init?(json: JSONValue) {
        if json.string == "one" {
            self = .one
        } else if let path = json["number"].flatMap(DataPath.init(json:)) {
            self = .number(path)
        } else if let path = json["size"].flatMap(DataPath.init(json:)) {
            self = .size(path)
        } else {
            return nil
        }
    }
}

extension UserMetric.TagSource {
    fileprivate init?(json: JSONValue) {
        if let path = DataPath(json: json) {
            self = .data(path)
        } else {
            guard let field = Self.fields.first(where: { $0.name == json.string }) else {
                return nil
            }
            self = field.source
        }
    }
}

extension DataPath {
    fileprivate init?(json: JSONValue) {
        guard let keys = json.strings else { return nil }
        self.init(keys: keys)
    }
}
