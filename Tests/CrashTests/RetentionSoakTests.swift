import Foundation
import ServerSupport
import TestSupport
import Testing

extension `Crash tests` {
    /// Small partitions come and go. `TIDEMARK_LONG=1`: more than a thousand of them.
    @Suite struct `A server whose partitions come and go` {
        private static let folderBytesMax = 4_000_000
        /// What comes between two looks, and the newest partition, which stays.
        private static let slackBytes = 2_000_000
        /// Of one group of lines, which nearly fills a partition.
        private static let partitionBytes = 65_536
        private static var partitionsWanted: Int { isLongRun ? 1_100 : 120 }

        @Test func `stays within its bytes, its files and its memory`() throws {
            let scratch = try TemporaryFolder()
            let data = scratch.path + "/data"
            let policy = scratch.path + "/policy.yaml"
            try "folder: {bytes: \(Self.folderBytesMax)B}\ndisk: {free: 0B, refuse: 0B}\n"
                .write(toFile: policy, atomically: true, encoding: .utf8)
            let server = try ServerProcess.start(
                folder: data,
                arguments: ["--retention", policy]
                    + [
                        "partition_bytes_max=\(Self.partitionBytes)", "retention_milliseconds=200",
                        "seal_age_milliseconds=0", "dedupe_events_max=2000",
                        "recent_bytes_max=262144", "frame_cache_bytes_max=1048576",
                        "series_idle_milliseconds_max=60000",
                    ].flatMap { ["--set", $0] })
            var watch = Watch(server.pid, data)
            let connection = try server.connect()
            var (number, partitions) = (0, 0)
            while partitions < Self.partitionsWanted {
                let answer = try connection.request(
                    "POST", "/events", headers: ["Content-Type": "application/x-ndjson"],
                    body: Self.lines(number))
                // Where folding is behind, the sender waits.
                if answer.status == 200 { (number, partitions) = (number + 1, partitions + 1) }
                if number % 10 == 0 { try #require(try watch.isSoon(Self.folderBytesMax)) }
            }
            #expect(try watch.isSoon(Self.folderBytesMax))
            // Far more has come than there is.
            #expect(watch.last.partitions < Self.partitionsWanted - 20)
            #expect(watch.faults(folderBytesMax: Self.folderBytesMax + Self.slackBytes) == [])
            #expect(server.terminate() == 0)
            try expectVerified(data)
        }

        /// Pairs of events which leave nothing open; zstd makes them half as long.
        private static func lines(_ number: Int) -> [UInt8] {
            var random = SplitMix64(seed: UInt64(number))
            let lines = (0..<70).map { place in
                let text = (0..<50).map { _ in String(random.next(), radix: 16) }.joined()
                let type = place % 2 == 0 ? "PreToolUse" : "PostToolUse"
                return
                    "{\"type\":\"\(type)\",\"source_app\":\"app\",\"session_id\":\"s\(number % 40)\","
                    + "\"event_id\":\"\(number)-\(place)\",\"data\":{\"tool_name\":\"Bash\","
                    + "\"tool_use_id\":\"\(number)-\(place / 2)\",\"text\":\"\(text)\"}}\n"
            }
            return Array(lines.joined().utf8)
        }
    }
}

/// What a server uses, look by look.
private struct Watch {
    struct Look {
        let descriptors: Int
        let residentBytes: Int
        let folderBytes: Int
        let partitions: Int
    }

    private let pid: Int32
    private let folder: String
    private var looks: [Look] = []

    init(_ pid: Int32, _ folder: String) {
        (self.pid, self.folder) = (pid, folder)
    }

    var last: Look { looks[looks.count - 1] }

    mutating func look() throws {
        let files = FileManager.default
        let statm = try String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)
        let pages = statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        looks.append(
            Look(
                descriptors: try files.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count,
                residentBytes: pages * 4_096, folderBytes: folderBytes(),
                partitions: try files.contentsOfDirectory(atPath: folder + "/log").count))
    }

    /// Looks until the folder has at most so many bytes.
    mutating func isSoon(_ folderBytesMax: Int) throws -> Bool {
        try look()
        return try eventually(withinSeconds: 30) {
            if last.folderBytes > folderBytesMax { try look() }
            return last.folderBytes <= folderBytesMax
        }
    }

    /// A file may go while it is looked at.
    private func folderBytes() -> Int {
        let names = FileManager.default.enumerator(atPath: folder)
        var bytes = 0
        while let name = names?.nextObject() as? String {
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: folder + "/" + name)
            bytes += attributes?[.size] as? Int ?? 0
        }
        return bytes
    }

    /// The first third is for everything to come to its size.
    func faults(folderBytesMax: Int) -> [String] {
        let (first, rest) = (looks.prefix(looks.count / 3), looks.dropFirst(looks.count / 3))
        func highest(_ looks: ArraySlice<Look>, _ value: (Look) -> Int) -> Int {
            looks.map(value).max() ?? 0
        }
        var faults: [String] = []
        let bytes = highest(looks[...], \.folderBytes)
        if bytes > folderBytesMax { faults.append("\(bytes) bytes in the data folder") }
        let files = (highest(first, \.descriptors), highest(rest, \.descriptors))
        if files.1 > files.0 + 8 { faults.append("\(files.1) files after \(files.0)") }
        let memory = (highest(first, \.residentBytes), highest(rest, \.residentBytes))
        if memory.1 > memory.0 + 32 << 20 {
            faults.append("\(memory.1) bytes in memory after \(memory.0)")
        }
        return faults
    }
}
