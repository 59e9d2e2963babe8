/// What it means that a phase follows another. The table of all of them stands in the documentation
/// (<doc:Transitions>), and the tests are made from it.
public struct TransitionRule: Equatable, Sendable {
    public enum EventType: String, Sendable {
        case alert = "kpi.alert"
        case critical = "kpi.critical"
        case resolved = "kpi.resolved"
        case noData = "kpi.no_data"
        case expired = "kpi.expired"
        /// For the record; nobody is woken up.
        case status = "kpi.status"
    }

    /// What becomes of the episode.
    public enum Effect: String, Sendable {
        case none, opens, continues, resolves, expires
    }

    public let type: EventType
    public let effect: Effect

    public var notifies: Bool { effect != .none }

    /// - Precondition: the phases differ.
    public init(from old: KPIPhase, to new: KPIPhase) {
        precondition(old != new, "BUG: a phase that follows itself")
        let goesOn: Effect = old.isFiring ? .continues : .opens
        switch new {
        case .alert: (type, effect) = (.alert, goesOn)
        case .critical: (type, effect) = (.critical, goesOn)
        case .noDataFiring: (type, effect) = (.noData, goesOn)
        case .onTarget, .offTarget:
            (type, effect) = old.isFiring ? (.resolved, .resolves) : (.status, .none)
        case .noData:
            (type, effect) = old.isFiring ? (.expired, .expires) : (.status, .none)
        }
    }
}
