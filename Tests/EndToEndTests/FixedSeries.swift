import Foundation
import ServerSupport
import Testing

/// Three metrics within half an hour of 2025, the same each time: for texts that can be written down.
enum FixedSeries {
    static let from = "2025-01-31T10:00:00Z"
    static let to = "2025-01-31T10:30:00Z"
    static let range = ["--from", from, "--to", to]

    /// `metric kind unit tag value hh:mm:ss`
    private static let table = """
        test.depth gauge       1  host=a    12   10:00:00
        test.depth gauge       1  host=a    18.5 10:04:59
        test.depth gauge       1  host=a    7    10:05:00
        test.depth gauge       1  host=a    -3   10:16:00
        test.depth gauge       1  host=b    30   10:01:00
        test.depth gauge       1  host=b    1    10:27:00
        test.jobs  counter     1  queue=x   4    10:00:10
        test.jobs  counter     1  queue=x   1    10:00:20
        test.jobs  counter     1  queue=x   300  10:10:00
        test.time  distribution ms tool=Bash 100  10:00:00
        test.time  distribution ms tool=Bash 200  10:01:00
        test.time  distribution ms tool=Bash 60   10:02:00
        test.time  distribution ms tool=Bash 1500.25 10:25:00
        test.time  distribution ms tool=Read 5    10:00:30
        """

    static var lines: String {
        table.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            let tag = words[3].split(separator: "=")
            return """
                {"metric":"\(words[0])","kind":"\(words[1])","unit":"\(words[2])",\
                "tags":{"\(tag[0])":"\(tag[1])"},"value":\(words[4]),\
                "timestamp":"2025-01-31T\(words[5])Z"}
                """
        }.joined(separator: "\n")
    }
}

extension ServerProcess {
    /// Stores samples that must be taken, as NDJSON.
    func store(samples lines: String) throws {
        let answer = try request(
            "POST", "/metrics", headers: ["Content-Type": "application/x-ndjson"],
            body: Array(lines.utf8))
        try #require(answer.status == 200, "\(answer.text)")
    }

    /// Stores `FixedSeries` where that was not done yet.
    func storeFixedSeries() throws {
        guard try !get("/metrics/names").text.contains("\"test.time\"") else { return }
        try store(samples: FixedSeries.lines)
    }
}
