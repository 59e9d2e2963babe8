internal import StrictJSON
public import TimeSeries

/// What there is of a metric: for those who choose what to ask for.
public struct MetricSummary: Sendable {
    public let name: String
    public let kind: String
    public let unit: String
    public let help: String
    public let seriesCount: Int
    /// Tag keys with how many values each has, in the order of the keys.
    public let tags: [(key: String, values: Int)]

    public init(name: String, kind: MetricKind, unit: String, help: String, series: [KnownSeries]) {
        self.name = name
        self.kind = kind.rawValue
        self.unit = unit
        self.help = help
        seriesCount = series.count
        var values: [String: Set<String>] = [:]
        for one in series {
            for tag in one.key.tags { values[tag.key, default: []].insert(tag.value) }
        }
        tags = values.map { ($0.key, $0.value.count) }.sorted { $0.0 < $1.0 }
    }

    /// `{"metrics":[{"name":"tool.calls","kind":"counter","unit":"1","help":"…","series":4,"tags":{"tool":3}}]}`
    public static func json(_ summaries: [MetricSummary]) -> [UInt8] {
        var json = Array("{\"metrics\":[".utf8)
        for (place, summary) in summaries.enumerated() {
            if place > 0 { json.append(UInt8(ascii: ",")) }
            summary.append(to: &json)
        }
        return json + Array("]}".utf8)
    }

    private func append(to json: inout [UInt8]) {
        json += Array("{\"name\":".utf8)
        JSONString.encode(name, appendingTo: &json)
        json += Array(",\"kind\":\"\(kind)\",\"unit\":".utf8)
        JSONString.encode(unit, appendingTo: &json)
        json += Array(",\"help\":".utf8)
        JSONString.encode(help, appendingTo: &json)
        json += Array(",\"series\":\(seriesCount),\"tags\":{".utf8)
        for (place, tag) in tags.enumerated() {
            if place > 0 { json.append(UInt8(ascii: ",")) }
            JSONString.encode(tag.key, appendingTo: &json)
            json += Array(":\(tag.values)".utf8)
        }
        json += Array("}}".utf8)
    }
}
