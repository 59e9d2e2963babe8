internal import Foundation
public import Storage
internal import TimeSeries

/// Which alerts a silence is about: all that it names must hold.
///
///     {"kpi":"hook.latency","level":"alert","tags":{"source_app":"web"}}
public struct SilenceMatcher: Codable, Equatable, Sendable {
    public var kpi: String?
    /// `alert` or `critical`: alerts of this level alone.
    public var level: String?
    public var tags: [String: String]?

    public init(kpi: String? = nil, level: String? = nil, tags: [String: String]? = nil) {
        (self.kpi, self.level, self.tags) = (kpi, level, tags)
    }

    func matches(kpi: String, level: String, tags: [String: String]) -> Bool {
        guard self.kpi ?? kpi == kpi, self.level ?? level == level else { return false }
        return (self.tags ?? [:]).allSatisfy { tags[$0.key] == $0.value }
    }
}

extension SilenceRow {
    /// - Returns: nil where what is stored is no matcher.
    public var parsedMatcher: SilenceMatcher? {
        try? JSONDecoder().decode(SilenceMatcher.self, from: Data(matcher.utf8))
    }

    /// Whether an alert is kept from webhooks at a moment.
    func holds(
        at moment: Timestamp, kpi: String, level: String, tags: [String: String]
    ) -> Bool {
        moment < until && parsedMatcher?.matches(kpi: kpi, level: level, tags: tags) ?? false
    }
}
