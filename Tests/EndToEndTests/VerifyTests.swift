import Foundation
import ServerSupport
import Testing

@Suite(.countedFolder, .serialized) struct `Verify` {
    private let folder: VerifyFolder

    init() throws {
        folder = try .shared()
    }

    @Test func `finds nothing where all is as the log says`() throws {
        let run = try folder.verify()
        #expect(run.status == 0 && run.errors == "")
        #expect(run.output.hasPrefix("counted "))
        #expect(run.output.hasSuffix("\n\nall is as the log says\n"))
        for row in ["1m", "3m", "5m", "15m", "1h", "series", "state", "index"] {
            let pattern = try Regex("\n\(row) +[1-9][0-9]* +0 +0\n")
            #expect(run.output.contains(pattern), "\(run.output)")
        }
    }

    @Test func `leaves folder and temporary files as they were`() throws {
        let before = try folder.python("print(*db.iterdump(), sep='\\n')")
        let temporary = try TemporaryFolder()
        let run = try CommandRun(
            ["verify", "--data", folder.path], environment: ["TMPDIR": temporary.path])
        #expect(run.status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path) == [])
        #expect(try folder.python("print(*db.iterdump(), sep='\\n')") == before)
    }

    @Test func `can be run many times at once`() throws {
        let statuses = try onThreads(8) { _ in try (0..<4).map { _ in try folder.verify().status } }
        #expect(statuses == Array(repeating: [0, 0, 0, 0], count: 8))
    }

    struct Fault: CustomTestStringConvertible {
        let testDescription: String
        /// Python.
        let script: String
        /// Parts of the report.
        let told: [String]
    }

    private static let bump = """
        id, numbers = db.execute('SELECT rowid, numbers FROM rollup_{0} LIMIT 1').fetchone()
        changed = numbers[:8] + bytes([numbers[8] + 1]) + numbers[9:]
        db.execute('UPDATE rollup_{0} SET numbers = ? WHERE rowid = ?', (changed, id))
        """

    private static let faults =
        ["1m", "3m", "5m", "15m", "1h"].map { interval in
            Fault(
                testDescription: "a bucket of \(interval)",
                script: bump.replacing("{0}", with: interval),
                told: ["\n\(interval) ", "T", "  stored     count ", "  recounted  count "])
        } + [
            Fault(
                testDescription: "a recent minute",
                script: "db.execute('UPDATE recent SET last = last + 1, max = max + 1 "
                    + "WHERE recent_id = (SELECT max(recent_id) FROM recent)')",
                told: ["\n1m ", "\n1h "]),
            Fault(
                testDescription: "a minute that is gone",
                script: "db.execute('DELETE FROM recent WHERE recent_id = "
                    + "(SELECT max(recent_id) FROM recent)')", told: ["  stored     nothing"]),
            Fault(
                testDescription: "a chunk that is gone",
                script: "db.execute('DELETE FROM rollup_1h WHERE series_id = "
                    + "(SELECT max(series_id) FROM rollup_1h)')",
                told: ["\n1h ", "  stored     nothing"]),
            Fault(
                testDescription: "a minute too much",
                script: "db.execute('INSERT INTO recent (series_id, minute, count, sum, min, max, "
                    + "last, last_ms) SELECT 0, 60, 1, sum, min, max, last, 60000 FROM recent "
                    + "WHERE series_id = 0 LIMIT 1')",
                told: ["1970-01-01T00:01:00.000Z", "  recounted  nothing"]),
            Fault(
                testDescription: "a sketch",
                script: """
                    low, high = [row[0] for row in db.execute('SELECT sketch FROM recent '
                        'WHERE sketch IS NOT NULL AND count = 1 GROUP BY sketch LIMIT 2')]
                    db.execute('UPDATE recent SET sketch = ? WHERE recent_id = (SELECT '
                        'max(recent_id) FROM recent WHERE sketch = ?)', (high, low))
                    """, told: [", sketch "]),
            Fault(
                testDescription: "a lifetime's count",
                script: "db.execute('UPDATE series SET lifetime_count = lifetime_count + 1 "
                    + "WHERE series_id = 2')", told: ["  stored     number 2, "]),
            Fault(
                testDescription: "an admission",
                script: "db.execute('UPDATE admissions SET retired_at_id = 400 "
                    + "WHERE series_id = 2')", told: ["live from ", "live since "]),
            Fault(
                testDescription: "what an exposition tells",
                script: "db.execute(\"DELETE FROM state WHERE kind = 'life' AND "
                    + "key = x'00000001'\")", told: ["its life: none"]),
            Fault(
                testDescription: "half of a join",
                script: "db.execute(\"DELETE FROM state WHERE kind = 'tool_start' AND key = "
                    + "(SELECT min(key) FROM state WHERE kind = 'tool_start')\")",
                told: ["\ntool_start ", "  stored     nothing"]),
            Fault(
                testDescription: "a counter's last reading",
                script: "db.execute(\"UPDATE state SET value = "
                    + "CAST(substr(value, 1, 39) || x'07' AS BLOB) WHERE kind = 'counter'\")",
                told: ["\ncounter ", ", value "]),
            Fault(
                testDescription: "a metric's unit",
                script: "db.execute(\"UPDATE metrics SET unit = 'h' WHERE name = 'm.gauge'\")",
                told: ["\nmetric m.gauge", "unit h"]),
            Fault(
                testDescription: "a series' tags",
                script: "db.execute(\"UPDATE series SET tags = replace(tags, 'h0', 'h9')\")",
                told: [#"{"host":"h9"}"#, "  recounted  nothing"]),
            Fault(
                testDescription: "a block's checksum",
                script: "db.execute(\"UPDATE index_chapters SET blocks = "
                    + "CAST(substr(blocks, 1, length(blocks) - 1) || x'07' AS BLOB)\")",
                told: ["\nlines from 1 on", ", at byte "]),
            Fault(
                testDescription: "a session that is not found",
                script: "db.execute('DELETE FROM index_postings WHERE volume_id = "
                    + "(SELECT max(volume_id) FROM index_postings)')",
                told: ["\nthe volume that begins with line "]),
            Fault(
                testDescription: "a session's name",
                script: "db.execute(\"UPDATE index_values SET text = x'7a' "
                    + "WHERE text = x'7330'\")",
                told: ["\nsession_id s0\n", "\nsession_id z\n", "  recounted  nothing"]),
            Fault(
                testDescription: "a chapter that is gone",
                script: "db.execute('DELETE FROM index_chapters WHERE first_id = "
                    + "(SELECT min(first_id) FROM index_chapters)')",
                told: ["\nlines from 1 on\n  stored     nothing"]),
        ]

    @Test(arguments: faults)
    func `finds a planted difference and names it`(fault: Fault) throws {
        try folder.python(fault.script)
        let run = try folder.verify()
        #expect(run.status == 3, "\(run.output)")
        #expect(run.errors.contains("from what the log says\nhint: tidemark rebuild"))
        #expect(!run.output.contains("all is as the log says"))
        for part in fault.told { #expect(run.output.contains(part), "\(part) in \(run.output)") }
    }

    @Test func `shows the first of many differences`() throws {
        try folder.python("db.execute('UPDATE recent SET count = count + 1')")
        let run = try folder.verify()
        #expect(run.status == 3)
        #expect(run.output.split(separator: "\n").count { $0.hasPrefix("  stored ") } == 20)
        #expect(run.output.contains(/\nand [0-9]+ more\n/))
    }

    // MARK: The log

    @Test func `finds a line of the log that was changed`() throws {
        try folder.changeLine { line in
            line.contains(#""duration_ms":67"#)
                ? line.replacing(#""duration_ms":67"#, with: #""duration_ms":68"#) : nil
        }
        let run = try folder.verify()
        #expect(run.status == 3)
        #expect(run.output.contains("1m tool.duration{") && run.output.contains("sum 67,"))
        #expect(run.errors.hasPrefix("error: "))
    }

    @Test func `finds a letter of the log that is another`() throws {
        try folder.changeLine { line in
            // No number depends on it.
            line.hasPrefix(#"{"id":30,"#) ? line.replacing(#""e29""#, with: #""f29""#) : nil
        }
        let run = try folder.verify()
        #expect(run.status == 3)
        #expect(run.output.contains(/\nindex +[1-9][0-9]* +0 +1\n/))
    }

    @Test(arguments: [#"{"id":30,"#, #"{"id":470,"#])
    func `says which line of the log is gone`(head: String) throws {
        try folder.changeLine { $0.hasPrefix(head) ? "" : nil }
        let run = try folder.verify()
        #expect(run.status == 3)
        #expect(run.output.contains("unreadable: line \(head.dropFirst(6).dropLast()) of 20"))
        #expect(run.errors.contains("lines that are counted cannot be read any more"))
    }

    @Test func `says which lines of the log are damaged, and compares the others`() throws {
        try folder.changeLine { line in
            line.hasPrefix(#"{"id":30,"#) ? String(line.prefix(60)) + "\0\0\0" : nil
        }
        let run = try folder.verify()
        #expect(run.status == 3)
        #expect(run.output.contains("unreadable: line 30 of 20"))
        #expect(run.output.contains(/\n1m +[1-9][0-9]* +[1-9][0-9]* +0\n/))
    }

    @Test func `misses a partition that was removed`() throws {
        let partitions = try folder.partitions
        #expect(partitions.count > 2)
        try FileManager.default.removeItem(atPath: partitions[0])
        let run = try folder.verify()
        #expect(run.status == 3)
        #expect(run.output.contains("unreadable: lines 1 to "))
    }

    @Test func `skips what the log no longer covers`() throws {
        // 10:30 to 11:00 of the events' day.
        try folder.python(
            "db.execute(\"INSERT INTO uncovered VALUES (1767609000000, 1767610800000, 'corrupt')\")\n"
                + "db.execute('UPDATE recent SET count = count + 1 WHERE minute = 1767609060')")
        let run = try folder.verify()
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains(/\n1m +[1-9][0-9]* +[1-9][0-9]* +0\n/))
    }

    @Test func `is a fault where it could compare nothing`() throws {
        try folder.python(
            "db.execute(\"INSERT INTO uncovered VALUES (0, 4102444800000, 'corrupt')\")")
        let run = try folder.verify()
        #expect(run.status == 3)
        #expect(run.output.contains(/\n1m +0 +[1-9][0-9]* +0\n/))
        #expect(run.errors.contains("stored buckets could be compared"))
    }
}
