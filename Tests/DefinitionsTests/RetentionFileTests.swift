import Definitions
import Foundation
import Retention
import Testing
import TimeSeries

@Suite struct `A retention file` {
    private static func policy(_ text: String) throws -> RetentionPolicy {
        try RetentionFile.policy(text, file: "r.yaml")
    }

    private static func faults(_ text: String) -> [String] {
        do throws(DefinitionFaults) {
            _ = try RetentionFile.policy(text, file: "r.yaml")
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    @Test func `that is shipped says what holds without one`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../retention/default.yaml").path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(try Self.policy(text) == RetentionPolicy())
    }

    @Test(arguments: ["", "# nothing\n", "{}", "raw: {}", "rollups: {}\ndisk: {}"])
    func `may say nothing`(text: String) throws {
        #expect(try Self.policy(text) == RetentionPolicy())
    }

    @Test func `sets what it says and leaves the rest`() throws {
        let policy = try Self.policy(
            """
            raw: {age: 12h, bytes: 500MB}
            rollups: {1m: 90s, 1h: 60w}
            folder: {bytes: 1TiB}
            disk: {free: 3kB, refuse: 7B, early_age: 30m}
            """)
        var expected = RetentionPolicy()
        expected.raw.millisecondsMax = 43_200_000
        expected.raw.bytesMax = 500_000_000
        expected.rollupMilliseconds[.oneMinute] = 90_000
        expected.rollupMilliseconds[.oneHour] = 36_288_000_000
        expected.folderBytesMax = 1_099_511_627_776
        expected.disk.freeBytesMin = 3_000
        expected.disk.freeBytesRefused = 7
        expected.disk.earlyMillisecondsMin = 1_800_000
        #expect(policy == expected)
    }

    @Test func `can keep all of it`() throws {
        let policy = try Self.policy(
            """
            raw: {age: forever, bytes: unlimited}
            rollups: {1m: forever, 3m: forever, 5m: forever, 15m: forever}
            folder: {bytes: unlimited}
            """)
        #expect(policy.raw.millisecondsMax == nil && policy.raw.bytesMax == nil)
        #expect(policy.rollupMilliseconds.isEmpty && policy.folderBytesMax == nil)
    }

    @Test(arguments: [
        ("rew: {}", "r.yaml:1: unknown key rew; there are raw, rollups, folder and disk"),
        ("raw: 5d", "r.yaml:1: must be a mapping of keys to values"),
        ("raw:\n  agee: 5d", "r.yaml:2: agee is not known here"),
        ("raw: {age: 5}", "r.yaml:1: age must be a span like 12h or 30d, or forever"),
        ("raw: {age: 0d}", "r.yaml:1: age must be a span like 12h or 30d, or forever"),
        ("raw: {age: -5d}", "r.yaml:1: age must be a span like 12h or 30d, or forever"),
        ("raw: {age: [5d]}", "r.yaml:1: age must be a span like 12h or 30d, or forever"),
        (
            "raw: {age: 99999999999999999999d}",
            "r.yaml:1: age must be a span like 12h or 30d, or forever"
        ),
        (
            "raw: {age: 9223372036854775807w}",
            "r.yaml:1: age must be a span like 12h or 30d, or forever"
        ),
        ("raw: {bytes: 5}", "r.yaml:1: bytes must be a size like 500MB or 20GiB, or unlimited"),
        ("raw: {bytes: 5 GB}", "r.yaml:1: bytes must be a size like 500MB or 20GiB, or unlimited"),
        (
            "raw: {bytes: forever}",
            "r.yaml:1: bytes must be a size like 500MB or 20GiB, or unlimited"
        ),
        ("\nrollups:\n  2m: 5d", "r.yaml:3: 2m is no interval; there are 1m, 3m, 5m, 15m and 1h"),
        ("rollups: {1h: 10d}", "r.yaml: 1h must be kept as long as 15m"),
        ("rollups: {1m: forever}", "r.yaml: 3m must be kept as long as 1m"),
        ("disk: {free: unlimited}", "r.yaml:1: free must be a number"),
        ("disk: {free: 1MB}", "r.yaml: refuse must not be more than free"),
        ("folder: {bites: 1MB}", "r.yaml:1: bites is not known here"),
        ("raw: {age: 5d, age: 6d}", "r.yaml:1: given twice: age"),
    ])
    func `is told its fault with its line`(text: String, fault: String) {
        #expect(Self.faults(text) == [fault])
    }
}
