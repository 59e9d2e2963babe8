public import Retention
internal import TimeSeries
internal import Yams

/// What is kept, and how long; whatever is not said is as it is shipped.
///
///     raw: {age: 30d, bytes: 20GiB}
///     rollups: {1m: 14d, 3m: 30d, 5m: 60d, 15m: 180d, 1h: forever}
///     folder: {bytes: unlimited}
///     disk: {free: 2GiB, early_age: 1d, refuse: 512MiB}
public enum RetentionFile {
    public static func policy(
        _ text: String, file: String
    ) throws(DefinitionFaults) -> RetentionPolicy {
        var reader = DefinitionReader(file: file)
        var policy = RetentionPolicy()
        for (key, node, line) in reader.members(of: text) {
            switch key {
            case "raw": read(node, &reader) { policy.raw.read($0, $1) }
            case "rollups": read(node, &reader) { policy.readRollups($0, $1) }
            case "folder": read(node, &reader) { policy.readFolder($0, $1) }
            case "disk": read(node, &reader) { policy.disk.read($0, $1) }
            default:
                reader.add(
                    "unknown key \(key); there are raw, rollups, folder and disk", line: line)
            }
        }
        if policy.disk.freeBytesRefused > policy.disk.freeBytesMin {
            reader.add("refuse must not be more than free", line: nil)
        }
        for (narrow, wide) in zip(Interval.allCases, Interval.allCases.dropFirst())
        where policy.keeps(narrow, longerThan: wide) {
            reader.add("\(wide.name) must be kept as long as \(narrow.name)", line: nil)
        }
        return try reader.finish(policy)
    }

    /// - Parameter take: the fault of a member, if it has one.
    private static func read(
        _ node: Node, _ reader: inout DefinitionReader, _ take: (String, String?) -> String?
    ) {
        for (key, value, line) in reader.members(of: node) {
            if let fault = take(key, value.string) { reader.add("\(key) \(fault)", line: line) }
        }
    }

    fileprivate static let unknown = "is not known here"
}

// MARK: Values

extension RetentionPolicy.Raw {
    fileprivate mutating func read(_ key: String, _ text: String?) -> String? {
        switch key {
        case "age": Limit.milliseconds(text).store(in: &millisecondsMax)
        case "bytes": Limit.bytes(text).store(in: &bytesMax)
        default: RetentionFile.unknown
        }
    }
}

extension RetentionPolicy.Disk {
    fileprivate mutating func read(_ key: String, _ text: String?) -> String? {
        switch key {
        case "free": Limit.bytes(text).store(in: &freeBytesMin)
        case "refuse": Limit.bytes(text).store(in: &freeBytesRefused)
        case "early_age": Limit.milliseconds(text).store(in: &earlyMillisecondsMin)
        default: RetentionFile.unknown
        }
    }
}

extension RetentionPolicy {
    fileprivate func keeps(_ narrow: Interval, longerThan wide: Interval) -> Bool {
        guard let wide = rollupMilliseconds[wide] else { return false }
        return rollupMilliseconds[narrow].map { $0 > wide } ?? true
    }

    fileprivate mutating func readFolder(_ key: String, _ text: String?) -> String? {
        guard key == "bytes" else { return RetentionFile.unknown }
        return Limit.bytes(text).store(in: &folderBytesMax)
    }

    fileprivate mutating func readRollups(_ key: String, _ text: String?) -> String? {
        guard let interval = Interval(name: key) else {
            return "is no interval; there are 1m, 3m, 5m, 15m and 1h"
        }
        return Limit.milliseconds(text).store(in: &rollupMilliseconds[interval])
    }
}

/// A value as it stands in the file.
private enum Limit {
    case number(Int64)
    case none
    case wrong(String)

    static func milliseconds(_ text: String?) -> Limit {
        if text == "forever" { return .none }
        guard let value = text.flatMap(Measures.milliseconds), value > 0 else {
            return .wrong("must be a span like 12h or 30d, or forever")
        }
        return .number(value)
    }

    static func bytes(_ text: String?) -> Limit {
        if text == "unlimited" { return .none }
        guard let value = text.flatMap(Measures.bytes) else {
            return .wrong("must be a size like 500MB or 20GiB, or unlimited")
        }
        return .number(value)
    }

    /// - Returns: what is wrong.
    func store(in place: inout Int64?) -> String? {
        switch self {
        case .number(let value): place = value
        case .none: place = nil
        case .wrong(let fault): return fault
        }
        return nil
    }

    func store(in place: inout Int64) -> String? {
        switch self {
        case .number(let value): place = value
        case .none: return "must be a number"
        case .wrong(let fault): return fault
        }
        return nil
    }
}
