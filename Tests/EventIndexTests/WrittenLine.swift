import TestSupport
import TimeSeries

/// A line of a log with all that is known of it, since it was made here.
struct WrittenLine {
    /// nil for a header, or a line whose head is damaged.
    var id: UInt64?
    var time: Timestamp?
    var session = "", app = "", type = ""
    var agent: String?
    /// Spells values with escapes.
    var isEscaped = false
    var pad = 0
    let partition: UInt64
    let offset: Int
    var bytes: [UInt8] = []

    /// Of no event: a line of samples where it has an id.
    init(_ id: UInt64?, _ partition: UInt64, _ offset: Int, kind: String) {
        (self.id, self.partition, self.offset) = (id, partition, offset)
        let head = id.map { "\"id\":\($0)," } ?? ""
        bytes = Array("{\(head)\"kind\":\"\(kind)\",\"server_timestamp\":\"\(time0)\"}\n".utf8)
    }

    init(_ id: UInt64, _ partition: UInt64, _ offset: Int, _ random: inout SplitMix64, values: Int)
    {
        (self.id, self.partition, self.offset) = (id, partition, offset)
        time = time0.advanced(byMilliseconds: Int64.random(in: -9_000...9_000, using: &random))
        session = "s\(Int.random(in: 0..<values, using: &random))"
        app = random.pick(["api", "web", "ação"])
        type = random.pick(["Stop", "PreToolUse", "Ünknown"])
        agent = random.pick([nil, "a1", "a2", "s1"])
        isEscaped = random.isOnce(in: 4)
        pad = random.isOnce(in: 60) ? 40_000 : Int.random(in: 0...2_000, using: &random)
        let agentMember = agent.map { ",\"agent_id\":\(token($0))" } ?? ""
        let text = """
            {"id":\(id),"event_id":"e","type":\(token(type)),"source_app":\(token(app)),\
            "session_id":\(token(session))\(agentMember),"timestamp":"\(time ?? time0)",\
            "server_timestamp":"\(time0)","processing_time_ms":0,"enrichment_version":"1.0.0",\
            "data":"\(String(repeating: "p", count: pad))"}

            """
        bytes = Array(text.utf8)
    }

    var end: Int { offset + bytes.count }

    private func token(_ text: String) -> String {
        guard isEscaped, let first = text.unicodeScalars.first else { return "\"\(text)\"" }
        let hex = String(first.value, radix: 16)
        return "\"\\u\(String(repeating: "0", count: 4 - hex.count))\(hex)\(text.dropFirst())\""
    }
}

/// 2026-11-22T14:00:00Z.
let time0 = Timestamp(milliseconds: 1_795_356_000_000)

/// The lines of some partitions, with what a log may have: headers, samples, damage, gaps in the ids.
struct WrittenLog {
    private(set) var lines: [WrittenLine] = []

    /// - Parameter values: different sessions.
    init(lines count: Int, values: Int, _ random: inout SplitMix64) {
        var (id, partition, offset) = (UInt64(1), UInt64(1), 0)
        while lines.count < count {
            if offset == 0 || random.isOnce(in: 700) {
                (partition, offset) = (id, 0)
                append(WrittenLine(nil, partition, 0, kind: "header"), &offset)
            }
            if random.isOnce(in: 150) { offset += Int.random(in: 1...9_000, using: &random) }
            if random.isOnce(in: 100) {
                append(WrittenLine(nil, partition, offset, kind: "damage"), &offset)
            } else if random.isOnce(in: 20) {
                append(WrittenLine(id, partition, offset, kind: "samples"), &offset)
                id += 1
            } else {
                append(WrittenLine(id, partition, offset, &random, values: values), &offset)
                id += random.isOnce(in: 200) ? 5 : 1
            }
        }
    }

    private mutating func append(_ line: WrittenLine, _ offset: inout Int) {
        lines.append(line)
        offset = line.end
    }
}
