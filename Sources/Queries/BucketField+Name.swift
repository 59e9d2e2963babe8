internal import Rollup

extension BucketField {
    public var name: String {
        switch self {
        case .count: "count"
        case .sum: "sum"
        case .avg: "avg"
        case .min: "min"
        case .max: "max"
        case .last: "last"
        case .rate: "rate"
        case .quantile(let quantile): quantile.name
        }
    }

    public init?(name: some StringProtocol) {
        switch name {
        case "count": self = .count
        case "sum": self = .sum
        case "avg": self = .avg
        case "min": self = .min
        case "max": self = .max
        case "last": self = .last
        case "rate": self = .rate
        default:
            guard let quantile = Quantile(name: name) else { return nil }
            self = .quantile(quantile)
        }
    }
}
