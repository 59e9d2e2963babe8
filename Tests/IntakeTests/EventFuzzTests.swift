import EventFormats
import EventLine
import Foundation
import Intake
import StrictJSON
import TestSupport
import TimeSeries
import Testing

@Suite struct `Damaged input` {
    private static let seedEvents: [[UInt8]] = [
        #"""
        {"event_id":"0194bc3a-7c1a-7b4e","type":"PostToolUse","timestamp":"2025-01-31T10:30:00.000Z",\#
        "session_id":"5f3c1a90","source_app":"backend-api","agent_id":"a1f2","id":4,"metadata":{"h":1},\#
        "data":{"tool_use_id":"toolu_1","n":[1.5e3,-0,true,null],"text":"h\u00e9\"llo\ud83d\ude00 é"}}
        """#,
        #"""
        { "source_app" : "web", "session_id" : "0a1b", "hook_event_type":"PreToolUse", "payload":
        {"agent_id":"ab12","tool_use_id":"toolu_7","tool_input":{"file_path":"C:\\a\/b"}},\#
        "timestamp":1738319400000, "model_name":"m", "chat":[{"role":"user"}], "summary":"s" }
        """#,
        #"""
        {"session_id":"77aa","transcript_path":"/home/dev/x.jsonl","cwd":"/home/dev/src/infra",\#
        "hook_event_name":"PostToolUse","tool_name":"Bash","tool_input":{"command":"ls"},\#
        "tool_use_id":"toolu_01","duration_ms":12,"headers":{"Authorization":"Basic abcdef123456"}}
        """#,
        native(data: #"["\#(SecretSample.all[0].secret())","Authorization: x1y2z3w4"]"#),
    ].map { Array($0.utf8) }

    /// What breaks readers: pieces of grammar, of keys and of secrets.
    private static let splices = [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "\\u", "\\ud800", "\\u0000", "\n", "\u{0}",
        "null",
        "1e400", "\"id\":1,", "\"data\":", "\"metadata\":{\"sender\":1},", "\"payload\":{},",
        "\"hook_event_name\":\"x\",", "sk-ant-aaaaaaaaaaaaaaaaaaaaaaaa", "Authorization: ",
        "\"cwd\":\"/\",",
        "-----BEGIN PRIVATE KEY-----", "\u{FEFF}", "é", "\u{2028}", "[[[[[[[[", "\"\":\"\",",
    ].map { Array($0.utf8) }

    private static func mutated(_ random: inout SplitMix64) -> [UInt8] {
        var event = random.pick(seedEvents)
        for _ in 0..<random.pick([0, 1, 1, 1, 2, 3, 8]) {
            let place = Int.random(in: 0...event.count, using: &random)
            let end = min(event.count, place + random.pick([1, 2, 5, 40, 400]))
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                if place < event.count {
                    event[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
            case 1: event.insert(contentsOf: random.pick(splices), at: place)
            case 2: event.removeSubrange(place..<end)
            case 3: event.insert(contentsOf: event[place..<end], at: place)
            case 4: event.removeLast(min(event.count, random.pick([1, 2, 3, 30])))
            default:
                if place < event.count { event[place] = UInt8.random(in: 0...255, using: &random) }
            }
        }
        return event
    }

    @Test(arguments: 1...UInt64(4))
    func `is refused, or stored as a line that can be read`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var intake = EventIntake(redactor: Redactor(), keys: Taking.keys)
        let context = EventIntake.Context(now: take.now)
        var accepted = 0
        let rounds = isLongRun ? 1_000_000 : 1_500
        for round in 0..<rounds {
            let event = Self.mutated(&random)
            var batch = EventBatch()
            do throws(EventFault) {
                try intake.take(0..<event.count, of: event.span, context, into: &batch)
            } catch {
                if !batch.isEmpty || !batch.bytes.isEmpty {
                    Issue.record("round \(round): left over")
                }
                continue
            }
            accepted += 1
            let problem = Self.problem(batch)
            if let problem { Issue.record("round \(round): \(problem): \(Self.text(event))") }
        }
        // Mutations that refuse everything, or nothing, would test little.
        #expect((rounds / 10...rounds * 9 / 10).contains(accepted))
    }

    /// What is wrong with an accepted event's line.
    private static func problem(_ batch: EventBatch) -> String? {
        var line: [UInt8] = []
        let item = batch.items[0]
        EventLineParts.appendLine(
            id: .first, timestamp: item.timestamp, serverTime: ServerTime(take.now),
            head: item.head,
            tail: item.tail, of: batch.bytes.span, to: &line)
        if line.count > batch.lineBytesMax { return "longer than it said" }
        if line.firstIndex(of: 0x0A) != line.count - 1 { return "not one line" }
        var cursor = JSONCursor(0..<line.count)
        guard (try? cursor.skipValue(in: line.span)) != nil else { return "not JSON" }
        if cursor.sawWhitespace { return "white space" }
        guard let envelope = EventEnvelope(line.span),
            let members = EventMembers(line.span, after: envelope)
        else { return "no event" }
        let stored = Taking.keys.keyAndContent(of: line.span, envelope, members)
        if stored.key != item.key || stored.content != item.content { return "another key" }
        var output: [UInt8] = []
        if !EventCSV.append(line.span, to: &output) { return "no CSV" }
        if !ReferenceShape.append(line.span, to: &output) { return "no reference shape" }
        return foundationProblem(line)
    }

    private static func foundationProblem(_ line: [UInt8]) -> String? {
        // Its reader drops byte order marks, and so takes a key that has one for another.
        if text(line).unicodeScalars.contains("\u{FEFF}") { return nil }
        if let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] {
            return object["id"] as? Int == 1 && object["event_id"] is String ? nil : "other values"
        }
        // Its reader takes neither numbers beyond `Double` nor half pairs of surrogates.
        let unpaired = text(line).replacing(#"\\"#, with: "").replacing(
            /\\u[dD][89abAB]..\\u[dD][c-fC-F]../, with: "")
        let isExcused =
            unpaired.contains(/[0-9][eE]\+?[0-9]{3,}/) || unpaired.contains(/\\u[dD][89a-fA-F]/)
        return isExcused ? nil : "unreadable to Foundation"
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
