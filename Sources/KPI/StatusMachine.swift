public import TimeSeries

/// The status of one KPI for one group, tick by tick. It reads no clock: a tick says when it is.
///
/// The level of a value is told by thresholds (`KPIDefinition`); a level is reached when values were at
/// it or beyond for `for`, and left when they were below it for `keep_firing_for`.
public struct StatusMachine: Equatable, Sendable {
    public internal(set) var phase = KPIPhase.onTarget
    /// When the phase began.
    public internal(set) var since: Timestamp
    /// The last one, and the worst one of the episode.
    public internal(set) var value: Quantity?
    public internal(set) var peak: Quantity?
    public internal(set) var peakAt: Timestamp?
    /// Since when values are at the level or beyond, and since when they are not any more.
    var bad = PerLevel()
    var calm = PerLevel()
    var noDataSince: Timestamp?
    /// Of late, oldest first.
    var changes: [Timestamp] = []
    public internal(set) var isDamped = false
    /// The phase that was told of last.
    var told = KPIPhase.onTarget

    struct PerLevel: Equatable, Sendable {
        var alert, critical: Timestamp?
    }

    /// A phase that followed another.
    public struct Transition: Equatable, Sendable {
        public let at: Timestamp
        public let from, to: KPIPhase
        public let rule: TransitionRule
        public let value: Quantity?
        /// False where damping keeps it from being told.
        public let notifies: Bool
    }

    /// One that was never judged.
    public init(at tick: Timestamp) {
        since = tick
    }

    /// Judges one window.
    /// - Returns: the transition that it makes, if any.
    public mutating func advance(
        _ reading: KPIReading, at tick: Timestamp, _ definition: KPIDefinition
    ) -> Transition? {
        switch reading {
        case .value(let value): self.value = value
        case .idle(let value): value.map { self.value = $0 }
        case .noData: break
        }
        let next = next(reading, tick, definition)
        let transition = move(to: next, tick, definition)
        if phase.isFiring, case .value(let value) = reading { observePeak(value, tick, definition) }
        return transition
    }

    /// Ends the episode of one that will not be judged again.
    public mutating func expire(at tick: Timestamp) -> Transition? {
        guard phase.isFiring else { return nil }
        let (old, rule) = (phase, TransitionRule(from: phase, to: .noData))
        (phase, since, told) = (.noData, tick, .noData)
        return Transition(at: tick, from: old, to: phase, rule: rule, value: value, notifies: true)
    }

    private mutating func observePeak(
        _ value: Quantity, _ tick: Timestamp, _ definition: KPIDefinition
    ) {
        if let peak, !definition.isWorse(value, than: peak) { return }
        (peak, peakAt) = (value, tick)
    }
}

// MARK: The next phase

extension StatusMachine {
    private mutating func next(
        _ reading: KPIReading, _ tick: Timestamp, _ definition: KPIDefinition
    ) -> KPIPhase {
        switch reading {
        case .value(let value):
            noDataSince = nil
            return next(level(of: value, definition), tick, definition)
        case .idle:
            noDataSince = nil
            return next(.onTarget, tick, definition)
        case .noData: return next(withoutDataAt: tick, definition)
        }
    }

    private mutating func next(
        withoutDataAt tick: Timestamp, _ definition: KPIDefinition
    ) -> KPIPhase {
        let since = noDataSince ?? tick
        noDataSince = since
        switch definition.noData {
        case .ok: return next(.onTarget, tick, definition)
        case .alert:
            (bad, calm) = (PerLevel(), PerLevel())
            return tick.isLater(than: since, by: definition.forMilliseconds) ? .noDataFiring : phase
        case .keep:
            (bad, calm) = (PerLevel(), PerLevel())
            guard phase.isFiring else { return .noData }
            let isOver = tick.isLater(than: since, by: definition.noDataMillisecondsMax)
            return isOver ? .noData : phase
        }
    }

    private mutating func next(
        _ level: Level, _ tick: Timestamp, _ definition: KPIDefinition
    ) -> KPIPhase {
        observe(\.alert, isBad: level >= .alert, tick)
        observe(\.critical, isBad: level >= .critical, tick)
        let (wait, keep) = (definition.forMilliseconds, definition.keepFiringMilliseconds)
        if bad.critical.isOver(wait, at: tick) { return .critical }
        if phase == .critical, !calm.critical.isOver(keep, at: tick) { return .critical }
        if bad.alert.isOver(wait, at: tick) { return .alert }
        // An episode that is open goes on without a wait.
        if phase.isFiring, level >= .alert || !calm.alert.isOver(keep, at: tick) {
            return phase == .noDataFiring && level < .alert ? .noDataFiring : .alert
        }
        return level == .onTarget ? .onTarget : .offTarget
    }

    private mutating func observe(
        _ level: WritableKeyPath<PerLevel, Timestamp?>, isBad: Bool, _ tick: Timestamp
    ) {
        bad[keyPath: level] = isBad ? bad[keyPath: level] ?? tick : nil
        calm[keyPath: level] = isBad ? nil : calm[keyPath: level] ?? tick
    }

    enum Level: Int, Comparable {
        case onTarget, offTarget, alert, critical

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// The level of a value; what is reached already is left at the thresholds for that.
    private func level(of value: Quantity, _ definition: KPIDefinition) -> Level {
        let critical =
            phase == .critical
            ? definition.clearCritical ?? definition.critical : definition.critical
        if let critical, definition.isWorse(value, than: critical) { return .critical }
        let isRaised = phase == .alert || phase == .critical
        let alert = isRaised ? definition.clearAlert ?? definition.alert : definition.alert
        if definition.isWorse(value, than: alert) { return .alert }
        return definition.isOnTarget(value) ? .onTarget : .offTarget
    }
}

extension KPIDefinition {
    /// `< 100` where less is good, `≥ 1000` where more is.
    fileprivate func isOnTarget(_ value: Quantity) -> Bool {
        guard let target else { return true }
        return good == .below ? value < target : value >= target
    }
}

// MARK: Moving

extension StatusMachine {
    private mutating func move(
        to next: KPIPhase, _ tick: Timestamp, _ definition: KPIDefinition
    ) -> Transition? {
        guard next != phase else { return settle(tick, definition) }
        let (old, rule) = (phase, TransitionRule(from: phase, to: next))
        (phase, since) = (next, tick)
        if rule.effect == .opens { (peak, peakAt) = (nil, nil) }
        if rule.notifies { countChange(tick, definition) }
        let isTold = rule.notifies && !isDamped
        if isTold { told = next }
        return Transition(
            at: tick, from: old, to: next, rule: rule, value: value, notifies: isTold)
    }

    private mutating func countChange(_ tick: Timestamp, _ definition: KPIDefinition) {
        guard let damping = definition.damping else {
            (changes, isDamped) = ([], false)
            return
        }
        changes.removeAll { tick.isLater(than: $0, by: damping.withinMilliseconds) }
        changes.append(tick)
        if changes.count > damping.changesMax { isDamped = true }
    }

    /// Who rests long enough is told of again: what it is now, where that is not known.
    private mutating func settle(_ tick: Timestamp, _ definition: KPIDefinition) -> Transition? {
        guard isDamped else { return nil }
        if let damping = definition.damping, let last = changes.last,
            !tick.isLater(than: last, by: damping.withinMilliseconds)
        {
            return nil
        }
        (isDamped, changes) = (false, [])
        let old = told
        told = phase
        guard old.isFiring || phase.isFiring, old != phase else { return nil }
        return Transition(
            at: tick, from: old, to: phase, rule: TransitionRule(from: old, to: phase),
            value: value, notifies: true)
    }
}

extension Timestamp {
    fileprivate func isLater(than other: Timestamp, by milliseconds: Int64) -> Bool {
        self.milliseconds - other.milliseconds >= milliseconds
    }
}

extension Timestamp? {
    /// Whether it has lasted so long.
    fileprivate func isOver(_ milliseconds: Int64, at tick: Timestamp) -> Bool {
        map { tick.isLater(than: $0, by: milliseconds) } ?? false
    }
}
