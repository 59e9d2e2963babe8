import TestSupport

/// The joins as one would write them at first: lists that are searched from end to end.
struct NaiveJoins {
    struct Half {
        let key: String
        let id: UInt64
        let time: Int64
        let duration: Int64
    }

    let distance: UInt64
    let openHalvesMax: Int
    let permissionEndsMax: Int
    private var starts: [Half] = []
    private var ends: [Half] = []
    private var requests: [Half] = []
    private var permissionEnds: [Half] = []

    init(distance: UInt64, openHalvesMax: Int, permissionEndsMax: Int) {
        self.distance = distance
        self.openHalvesMax = openHalvesMax
        self.permissionEndsMax = permissionEndsMax
    }

    /// What a line gives of `tool.duration` and `permission.wait`, in milliseconds.
    mutating func observe(_ line: RandomToolLine) -> [String] {
        let distance = distance
        for list in [\NaiveJoins.starts, \.ends, \.requests, \.permissionEnds] {
            self[keyPath: list].removeAll { $0.id + distance < line.id }
        }
        var found: [String] = []
        if line.type == "PreToolUse" {
            if let end = take(\.ends, line.useKey) {
                found.append(
                    "duration \(max(0, end.time - line.time)) @\(max(end.time, line.time))")
            } else {
                keep(\.starts, line.half(line.useKey), openHalvesMax)
            }
        }
        if line.type == "PostToolUse" {
            if let duration = line.duration {
                _ = take(\.starts, line.useKey)
                found.append("duration \(duration) @\(line.time)")
            } else if let start = take(\.starts, line.useKey) {
                found.append(
                    "duration \(max(0, line.time - start.time)) @\(max(start.time, line.time))")
            } else {
                keep(\.ends, line.half(line.useKey), openHalvesMax)
            }
        }
        if line.type == "PermissionRequest" {
            if let end = permissionEnds.last(where: { $0.key == line.inputKey }),
                end.time >= line.time
            {
                _ = take(\.permissionEnds, line.inputKey)
                found.append("wait \(max(0, end.time - line.time - end.duration)) @\(end.time)")
            } else {
                keep(\.requests, line.half(line.inputKey), openHalvesMax)
            }
        } else if line.type != "PreToolUse" {
            if let request = requests.last(where: { $0.key == line.inputKey }),
                request.time <= line.time
            {
                _ = take(\.requests, line.inputKey)
                let wait = line.time - request.time - (line.duration ?? 0)
                found.append("wait \(max(0, wait)) @\(line.time)")
            } else {
                keep(\.permissionEnds, line.half(line.inputKey), permissionEndsMax)
            }
        }
        return found
    }

    private mutating func take(
        _ list: WritableKeyPath<NaiveJoins, [Half]>, _ key: String
    ) -> Half? {
        guard let place = self[keyPath: list].firstIndex(where: { $0.key == key }) else {
            return nil
        }
        return self[keyPath: list].remove(at: place)
    }

    private mutating func keep(
        _ list: WritableKeyPath<NaiveJoins, [Half]>, _ half: Half, _ countMax: Int
    ) {
        if let known = self[keyPath: list].first(where: { $0.key == half.key }) {
            if known.time > half.time { return }
            _ = take(list, half.key)
        }
        self[keyPath: list].append(half)
        if self[keyPath: list].count > countMax { self[keyPath: list].removeFirst() }
    }
}

/// A tool's event with few different values, so that many of them join.
struct RandomToolLine {
    /// How many different tool uses there are.
    static let fewUses = 6
    let id: UInt64
    let type: String
    let session, use, input: Int
    let time: Int64
    let duration: Int64?

    init(id: UInt64, uses: Int = Self.fewUses, using random: inout SplitMix64) {
        self.id = id
        type = random.pick(["PreToolUse", "PostToolUse", "PermissionRequest", "PermissionDenied"])
        session = Int.random(in: 0..<2, using: &random)
        use = Int.random(in: 0..<uses, using: &random)
        input = Int.random(in: 0..<uses / 2, using: &random)
        time = Int64.random(in: 0..<1_000, using: &random)
        duration =
            type == "PostToolUse" && random.isOnce(in: 3)
            ? Int64.random(in: 0..<300, using: &random) : nil
    }

    var useKey: String { "\(session) \(use)" }
    var inputKey: String { "\(session) \(input)" }

    func half(_ key: String) -> NaiveJoins.Half {
        NaiveJoins.Half(key: key, id: id, time: time, duration: duration ?? 0)
    }

    var text: String {
        var line = SampleLine.tool(
            type, id: id, at: Int(time), use: "u\(use)", input: "\(input)",
            duration: duration.map(String.init))
        line.sessionID = "\"s\(session)\""
        return line.text
    }
}
