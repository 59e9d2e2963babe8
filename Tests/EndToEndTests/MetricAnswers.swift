import Foundation
import ServerSupport
import Testing

/// `GET /metrics` with an interval, as Foundation reads it.
struct MetricAnswer: Decodable {
    struct Series: Decodable {
        let metric: String
        let kind: String
        let unit: String
        let tags: [String: String]
        let buckets: [Bucket]
    }

    struct Bucket: Decodable {
        let start: String
        let count: Int?
        let sum: Decimal?
        let avg: Decimal?
        let min: Decimal?
        let max: Decimal?
        let last: Decimal?
        let rate: Decimal?
        let p50: Decimal?
        let p99: Decimal?
        let open: Bool?
    }

    let interval: String
    let from: String
    let to: String
    let series: [Series]

    /// All buckets of all series.
    var buckets: [Bucket] { series.flatMap(\.buckets) }
}

extension ServerProcess {
    func metrics(_ query: String) throws -> MetricAnswer {
        let answer = try get("/metrics?" + query)
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.decoded(as: MetricAnswer.self)
    }

    func postSample(_ json: String) throws -> HTTPAnswer { try post(json, to: "/metrics") }

    func write(_ lines: String, _ query: String = "") throws -> HTTPAnswer {
        try request("POST", "/write" + query, body: Array(lines.utf8))
    }
}

/// A metric's name that no other test uses.
func newMetric() -> String {
    "test.m" + UUID().uuidString.replacing("-", with: "").lowercased()
}
