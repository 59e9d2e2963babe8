/// How a KPI stands, for one group of its series.
public enum KPIStatus: String, CaseIterable, Sendable {
    case onTarget = "on_target"
    /// Between target and alert.
    case offTarget = "off_target"
    case alert
    case critical
    case noData = "no_data"
}

/// A status, and whether an episode is open: of `no_data` only the two together say it all.
public enum KPIPhase: Int, CaseIterable, Sendable {
    case onTarget, offTarget, noData
    case alert, critical, noDataFiring

    public var status: KPIStatus {
        switch self {
        case .onTarget: .onTarget
        case .offTarget: .offTarget
        case .alert: .alert
        case .critical: .critical
        case .noData, .noDataFiring: .noData
        }
    }

    /// Whether an episode is open.
    public var isFiring: Bool {
        switch self {
        case .onTarget, .offTarget, .noData: false
        case .alert, .critical, .noDataFiring: true
        }
    }
}
