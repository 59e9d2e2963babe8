internal import TimeSeries

/// What Tidemark itself does with the events of a type.
enum ToolRole: String, CaseIterable {
    case start = "PreToolUse"
    case success = "PostToolUse"
    case failure = "PostToolUseFailure"
    case permissionRequest = "PermissionRequest"
    case permissionDenied = "PermissionDenied"
}

/// Where the values of a tool's events go: the first slots.
enum ToolSlot: Int, CaseIterable {
    case name, useID, duration, input

    /// Whether events of this role are asked for the value.
    func isWanted(by role: ToolRole) -> Bool {
        switch self {
        case .name: true
        case .useID: role == .start || role == .success || role == .failure
        case .duration: role == .success || role == .failure
        case .input: role != .start
        }
    }

    var path: String {
        switch self {
        case .name: "tool_name"
        case .useID: "tool_use_id"
        case .duration: "duration_ms"
        case .input: "tool_input"
        }
    }
}

/// What is to be done with the events of one type.
struct EventPlan: Sendable {
    let type: [UInt8]
    let role: ToolRole?
    /// The values that are wanted of `data`.
    let tree: PathTree
    let metrics: [UserPlan]
}

/// A user's entry, made ready.
struct UserPlan: Sendable {
    enum Value {
        case one
        case number(slot: Int)
        case size(slot: Int)
    }

    enum TagSource {
        case type, sourceApp, sessionID, agentID
        case data(slot: Int)
    }

    struct Tag {
        /// `"table":`
        let key: [UInt8]
        let from: TagSource
    }

    let metric: MetricID
    let kind: MetricKind
    let scale: QuantityScale
    /// `queries{`
    let head: [UInt8]
    let sourceApp: [UInt8]?
    let value: Value
    /// In the order of their keys.
    let tags: [Tag]
}

// MARK: Making plans

extension EventPlan {
    /// A plan for each type that anybody asked about.
    static func all(_ entries: [(metric: UserMetric, id: MetricID)]) -> [EventPlan] {
        var types = ToolRole.allCases.map(\.rawValue)
        for case let source? in entries.map(\.metric.source)
        where !types.contains(where: { $0.utf8.elementsEqual(source.type.utf8) }) {
            types.append(source.type)
        }
        return types.map { type in
            EventPlan(
                type,
                entries.filter { $0.metric.source?.type.utf8.elementsEqual(type.utf8) == true })
        }
    }

    private init(_ type: String, _ entries: [(metric: UserMetric, id: MetricID)]) {
        self.type = Array(type.utf8)
        role = ToolRole(rawValue: type)
        var paths = WantedPaths(role)
        metrics = entries.compactMap { UserPlan($0.metric, $0.id, &paths) }
        tree = PathTree(paths.slots)
    }
}

extension UserPlan {
    fileprivate init?(_ metric: UserMetric, _ id: MetricID, _ paths: inout WantedPaths) {
        guard let source = metric.source else { return nil }
        self.metric = id
        kind = metric.kind
        scale = metric.scale
        head = Array(metric.name.utf8) + [UInt8(ascii: "{")]
        sourceApp = source.sourceApp.map { Array($0.utf8) }
        value =
            switch source.value {
            case .one: .one
            case .number(let path): .number(slot: paths.slot(path))
            case .size(let path): .size(slot: paths.slot(path))
            }
        var tags: [Tag] = []
        for tag in source.tags.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            tags.append(Tag(tag, &paths))
        }
        self.tags = tags
    }
}

extension UserPlan.Tag {
    fileprivate init(_ tag: UserMetric.Tag, _ paths: inout WantedPaths) {
        key = Array("\"\(tag.key)\":".utf8)
        from =
            switch tag.from {
            case .type: .type
            case .sourceApp: .sourceApp
            case .sessionID: .sessionID
            case .agentID: .agentID
            case .data(let path): .data(slot: paths.slot(path))
            }
    }
}

/// The paths of a plan with their slots, each once.
private struct WantedPaths {
    private(set) var slots: [(path: DataPath, slot: Int)] = []
    private var next = 0

    init(_ role: ToolRole?) {
        guard let role else { return }
        next = ToolSlot.allCases.count
        for slot in ToolSlot.allCases where slot.isWanted(by: role) {
            if let path = DataPath(slot.path) { slots.append((path, slot.rawValue)) }
        }
    }

    /// The path's slot; it gets one where it has none.
    mutating func slot(_ path: DataPath) -> Int {
        if let known = slots.first(where: { $0.path == path }) { return known.slot }
        slots.append((path, next))
        next += 1
        return next - 1
    }
}
