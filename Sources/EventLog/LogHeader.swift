internal import StrictJSON
public import TimeSeries

/// The first line of every partition.
///
///     {"kind":"header","format":1,"log_id":"0f3c…","after_id":104200}
///
/// `log_id` names the log for the life of its folder. `after_id` is the last id that was durable when
/// this partition was begun: where a group failed, its ids lie between `after_id` and the partition's
/// first id, and whatever the disk kept of it is no part of the log.
public struct LogHeader: Equatable, Sendable {
    public static let format = 1

    public let logID: String
    public let afterID: EventID

    var line: [UInt8] {
        var line = Array("{\"kind\":\"header\",\"format\":\(Self.format),\"log_id\":".utf8)
        JSONString.encode(logID, appendingTo: &line)
        line += Array(",\"after_id\":\(afterID)}\n".utf8)
        return line
    }

    init(logID: String, afterID: EventID) {
        self.logID = logID
        self.afterID = afterID
    }

    /// - Returns: nil where the line is no header.
    /// - Throws: `formatTooNew`.
    init?(_ line: Span<UInt8>, path: String) throws(LogError) {
        guard let values = Self.members(line), values["kind"] == "\"header\"",
            let format = values["format"].flatMap({ Int($0) }), let logID = values["log_id"],
            let afterID = values["after_id"].flatMap({ UInt64($0) })
        else { return nil }
        guard format <= Self.format else {
            throw LogError(
                .formatTooNew, "read the log",
                "\(path) has format \(format), this version knows \(Self.format)")
        }
        self.logID = String(logID.dropFirst().dropLast())
        self.afterID = EventID(afterID)
    }

    private static func members(_ line: Span<UInt8>) -> [String: String]? {
        var cursor = JSONCursor(0..<line.count)
        var members: [String: String] = [:]
        do throws(JSONFault) {
            var more = try cursor.enterObject(in: line)
            while more {
                let key = try cursor.nextKey(in: line)
                _ = try cursor.peek(in: line)
                let start = cursor.position
                try cursor.skipValue(in: line)
                members[text(key.dropFirst().dropLast(), line)] = text(
                    start..<cursor.position, line)
                more = try cursor.anotherMember(in: line)
            }
            try cursor.finish(in: line)
        } catch {
            return nil
        }
        return members
    }

    private static func text(_ range: Range<Int>, _ line: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.append(contentsOf: line, range)
        return String(decoding: bytes, as: UTF8.self)
    }
}
