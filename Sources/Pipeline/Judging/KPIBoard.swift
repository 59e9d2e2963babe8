internal import KPI
internal import Storage
internal import TimeSeries

/// All status machines, and what a tick makes of them. It reads no clock and no disk.
struct KPIBoard: Sendable {
    struct Group: Sendable {
        var machine: StatusMachine
        /// The open episode; of one that is closed its number alone is kept.
        var episode: EpisodeRow?
        var lastEpisode: Int64?
    }

    private(set) var definitions: [KPIDefinition]
    private(set) var groups: [KPIStateRow.Key: Group] = [:]
    private(set) var units: [String: String] = [:]
    private var nextEpisode: Int64
    /// The definitions are others than those that the groups are of.
    private var mayHaveUnwanted = true

    init(_ definitions: [KPIDefinition], restoring stored: RestoredJudging) {
        self.definitions = definitions
        nextEpisode = stored.nextEpisode
        let episodes = Dictionary(
            stored.episodes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for row in stored.states {
            // One of another format begins anew; its episode is closed as one without a KPI is.
            guard let machine = StatusMachine(bytes: row.state) else { continue }
            let episode = machine.phase.isFiring ? row.episode.flatMap { episodes[$0] } : nil
            groups[row.key] = Group(
                machine: machine, episode: episode, lastEpisode: row.episode)
        }
    }

    mutating func replace(_ definitions: [KPIDefinition]) {
        guard definitions != self.definitions else { return }
        self.definitions = definitions
        mayHaveUnwanted = true
    }

    /// Judges one tick.
    /// - Parameters:
    ///   - readings: by KPI; one that is missing could not be read and stays as it is.
    ///   - id: the last line that they have seen.
    mutating func judge(
        _ readings: [String: KPIReadings], at tick: Timestamp, through id: EventID,
        silences: [SilenceRow], groupsMax: Int
    ) -> Judgement {
        var draft = Draft(judgement: Judgement(tick: tick), logID: id, silences: silences)
        for kpi in definitions {
            guard let read = readings[kpi.name] else { continue }
            units[kpi.name] = read.unit
            for tags in tagsToJudge(kpi, read, groupsMax) {
                judge(kpi, tags, read.groups[tags] ?? .noData, &draft)
            }
        }
        removeUnwanted(&draft)
        return draft.judgement
    }

    fileprivate struct Draft {
        var judgement: Judgement
        let logID: EventID
        let silences: [SilenceRow]
    }

    /// Groups that are known already come before new ones, of which there may be too many.
    private func tagsToJudge(
        _ kpi: KPIDefinition, _ read: KPIReadings, _ groupsMax: Int
    ) -> [String] {
        guard !kpi.groupBy.isEmpty else { return ["{}"] }
        let known = groups.keys.filter { $0.kpi == kpi.name }.map(\.tags).sorted()
        let new = read.groups.keys.filter { groups[.init(kpi: kpi.name, tags: $0)] == nil }.sorted()
        return known + new.prefix(max(0, groupsMax - known.count))
    }

    private mutating func judge(
        _ kpi: KPIDefinition, _ tags: String, _ reading: KPIReading, _ draft: inout Draft
    ) {
        let tick = draft.judgement.tick
        let key = KPIStateRow.Key(kpi: kpi.name, tags: tags)
        let old = groups[key]
        var group = old ?? Group(machine: StatusMachine(at: tick))
        let phase = group.machine.phase
        let transition = group.machine.advance(reading, at: tick, kpi)
        if let transition, phase != group.machine.phase {
            follow(transition, kpi, tags, &group)
        } else if group.machine.phase.isFiring {
            group.episode?.note(group.machine)
        }
        if let transition { draft.add(transition, kpi, tags, group, units[kpi.name] ?? "") }
        if let episode = group.episode, episode != old?.episode {
            draft.judgement.episodes.append(episode)
        }
        if !group.machine.phase.isFiring { group.episode = nil }
        if old != nil, isForgotten(group, kpi, tick) {
            groups[key] = nil
            draft.judgement.removedStates.append(key)
            return
        }
        if old?.machine != group.machine { draft.judgement.states.append(KPIStateRow(key, group)) }
        groups[key] = group
    }

    /// A group whose series has gone is no longer listed.
    private func isForgotten(_ group: Group, _ kpi: KPIDefinition, _ tick: Timestamp) -> Bool {
        !kpi.groupBy.isEmpty && group.machine.phase == .noData
            && tick.milliseconds - group.machine.since.milliseconds >= kpi.noDataMillisecondsMax
    }

    private mutating func follow(
        _ transition: StatusMachine.Transition, _ kpi: KPIDefinition, _ tags: String,
        _ group: inout Group
    ) {
        switch transition.rule.effect {
        case .none: break
        case .opens:
            let from = transition.at.advanced(
                byMilliseconds: -kpi.windowMilliseconds - kpi.forMilliseconds)
            group.episode = EpisodeRow(
                id: nextEpisode, kpi: kpi.name, tags: tags, level: .alert, state: .firing,
                startedAt: transition.at, query: kpi.eventQuery(tags, from: from))
            group.lastEpisode = nextEpisode
            nextEpisode += 1
        case .continues: break
        case .resolves: group.episode?.end(.resolved, transition.at)
        case .expires: group.episode?.end(.expired, transition.at)
        }
        if transition.to == .critical { group.episode?.level = .critical }
        if group.machine.phase.isFiring { group.episode?.note(group.machine) }
    }

    /// A KPI that is not defined any more ends, and so does a group that it is no longer split into.
    private mutating func removeUnwanted(_ draft: inout Draft) {
        guard mayHaveUnwanted else { return }
        mayHaveUnwanted = false
        let groupBy = Dictionary(
            definitions.map { ($0.name, Set($0.groupBy)) }, uniquingKeysWith: { first, _ in first })
        let ordered = groups.sorted { ($0.key.kpi, $0.key.tags) < ($1.key.kpi, $1.key.tags) }
        for (key, group) in ordered {
            if let wanted = groupBy[key.kpi], wanted.isSuperset(of: key.tags.tags.keys) { continue }
            groups[key] = nil
            draft.judgement.removedStates.append(key)
            var ended = group
            guard var episode = group.episode,
                let transition = ended.machine.expire(at: draft.judgement.tick)
            else { continue }
            episode.end(.expired, transition.at)
            draft.judgement.episodes.append(episode)
            ended.episode = episode
            let kpi = KPIDefinition(
                name: key.kpi, source: .metric(key.kpi, .avg), alert: .zero)
            draft.add(transition, kpi, key.tags, ended, units[key.kpi] ?? "")
        }
    }
}

extension KPIBoard.Draft {
    fileprivate mutating func add(
        _ transition: StatusMachine.Transition, _ kpi: KPIDefinition, _ tags: String,
        _ group: KPIBoard.Group, _ unit: String
    ) {
        let data = AlertData(
            kpi: kpi, transition: transition, episode: group.episode,
            episodeID: group.lastEpisode, tags: tags, unit: unit)
        let level = group.episode?.level.rawValue ?? "alert"
        let parsed = tags.tags
        judgement.transitions.append(
            TransitionRow(
                episode: transition.rule.effect == .none ? nil : group.lastEpisode, kpi: kpi.name,
                tags: tags, at: transition.at, from: transition.from.status.rawValue,
                to: transition.to.status.rawValue, type: transition.rule.type.rawValue,
                value: transition.value?.decimal(), logID: logID, notifies: transition.notifies,
                silenced: silences.contains {
                    $0.holds(at: transition.at, kpi: kpi.name, level: level, tags: parsed)
                },
                body: data.bytes))
    }
}

extension EpisodeRow {
    fileprivate mutating func note(_ machine: StatusMachine) {
        peak = machine.peak?.decimal()
        peakAt = machine.peakAt
    }

    fileprivate mutating func end(_ state: State, _ moment: Timestamp) {
        self.state = state
        endedAt = moment
        query += "&to=\(moment)"
    }
}

extension KPIStateRow {
    fileprivate init(_ key: Key, _ group: KPIBoard.Group) {
        self.init(
            kpi: key.kpi, tags: key.tags, state: group.machine.bytes,
            status: group.machine.phase.status.rawValue, since: group.machine.since,
            value: group.machine.value?.decimal(), episode: group.lastEpisode)
    }
}

extension String {
    /// Of a canonical object.
    fileprivate var tags: [String: String] {
        let text = Array(("m" + self).utf8)
        guard let key = try? SeriesKey(canonical: text.span) else { return [:] }
        return Dictionary(
            key.tags.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}

extension KPIDefinition {
    /// Shows the events behind an alert.
    fileprivate func eventQuery(_ tags: String, from: Timestamp) -> String {
        var query = "/events?order=asc&from=\(from)"
        var wanted = self.tags
        for (key, value) in tags.tags { wanted[key] = [value] }
        for key in ["source_app", "type"] {
            for value in (wanted[key] ?? []).sorted() { query += "&\(key)=\(value.percentEncoded)" }
        }
        return query
    }
}

extension String {
    /// As a value of a query.
    fileprivate var percentEncoded: String {
        var text = ""
        for byte in utf8 {
            let isPlain =
                (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "_")
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
            }
        }
        return text
    }
}
