public import TimeSeries

/// Somebody who is told of alerts.
public struct WebhookRow: Equatable, Sendable {
    public var id: String
    public var url: String
    public var format: String
    /// `whsec_…`, each of which signs: two of them while one is replaced by the other.
    public var secrets: [String]
    public var filter: Filter
    /// Whether it is told, too, at all times that this server lives.
    public var isWatchdog: Bool
    /// It comes from the file of webhooks, and goes with its entry there.
    public var isFromFile: Bool
    /// Why nothing is sent to it; nil as long as it is.
    public var disabledReason: String?
    public var createdAt: Timestamp

    public init(
        id: String, url: String, format: String, secrets: [String], filter: Filter = Filter(),
        isWatchdog: Bool = false, isFromFile: Bool = false, disabledReason: String? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.url = url
        self.format = format
        self.secrets = secrets
        self.filter = filter
        self.isWatchdog = isWatchdog
        self.isFromFile = isFromFile
        self.disabledReason = disabledReason
        self.createdAt = createdAt
    }

    /// Which transitions it is told of. An empty list takes any; all lists must hold.
    public struct Filter: Equatable, Sendable {
        public var kpis: [String] = []
        /// Statuses: `alert`, `critical`, `no_data`.
        public var levels: [String] = []
        /// By the tag `source_app`.
        public var sourceApps: [String] = []

        public init() {}
    }
}

extension WebhookRow.Filter {
    /// - Parameter wasTold: whether it was told of this episode before: who hears of a beginning hears
    ///   of all that follows, up to the end.
    func takes(_ transition: TransitionRow, wasTold: () throws -> Bool) rethrows -> Bool {
        guard kpis.isEmpty || kpis.contains(transition.kpi) else { return false }
        if !sourceApps.isEmpty {
            guard let app = transition.sourceApp, sourceApps.contains(app) else { return false }
        }
        return try levels.isEmpty || levels.contains(transition.to) || wasTold()
    }
}

extension TransitionRow {
    fileprivate var sourceApp: String? {
        let canonical = Array(("kpi" + tags).utf8)
        return (try? SeriesKey(canonical: canonical.span))?["source_app"]
    }
}
