import Testing

/// Things that the code must not have, each with the places that may.
@Suite struct `The code has no` {
    /// Lines of code in which a pattern stands, as `path:line`, but for files below these paths.
    private static func places(
        _ pattern: String, except allowed: [String] = [], comments: Bool = false
    ) throws -> [String] {
        let regex = try Regex(pattern)
        let files = try comments ? Repository.sources() : Repository.sourceCode.get()
        return files.flatMap { file -> [String] in
            guard !allowed.contains(where: { file.path.hasPrefix("Sources/" + $0) }) else {
                return []
            }
            return file.lines.enumerated().compactMap { number, line in
                line.contains(regex) ? "\(file.path):\(number + 1)" : nil
            }
        }
    }

    @Test func `try! and no as!`() throws {
        #expect(try Self.places(#"\btry!|\bas!"#) == [])
    }

    @Test func `clock but the daemon's`() throws {
        let clocks = #"\bDate\(\)|\bDate\.now\b|\bclock_gettime\b|\bgettimeofday\b|\btime\(nil\)"#
        #expect(try Self.places(clocks, except: ["Daemon/Daemon.swift", "tidemark-bench/"]) == [])
    }

    @Test func `task that nobody owns`() throws {
        #expect(try Self.places(#"\bTask(<[^>]*>)? *[{(]|\bTask\.detached\b|\bTask\.init\b"#) == [])
    }

    @Test func `blocking of the pool, and no queue of its own`() throws {
        #expect(try Self.places(#"\bDispatchQueue\b|\bsleep\(|\busleep\(|Thread\.sleep"#) == [])
        #expect(
            try Self.places(#"\bDispatchSemaphore\b"#, except: ["Pipeline/IngestQueue.swift"]) == []
        )
    }

    @Test func `SQL outside the target for it`() throws {
        let statement =
            #"(?i)"\s*(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s.+\sSET|"#
            + #"DELETE\s+FROM|CREATE\s+(UNIQUE\s+)?(TABLE|INDEX|VIEW)|PRAGMA\s|ALTER\s+TABLE)\b"#
        #expect(try Self.places(statement, except: ["Storage/"], comments: true) == [])
        #expect("x(\"SELECT id FROM events\")".contains(try Regex(statement)))
    }

    @Test func `unchecked promise but those that are proven beside it`() throws {
        let places = try Self.places(#"@unchecked +Sendable|nonisolated\(unsafe\)"#)
        for place in places {
            let parts = place.split(separator: ":")
            let file = try Repository.file(String(parts[0]))
            let line = try #require(Int(parts[1]))
            let around = file.lines[max(0, line - 4)..<min(file.lines.count, line + 2)]
            #expect(around.contains { $0.contains("//") }, "\(place) has no proof")
        }
    }

    @Test func `print but the command line's`() throws {
        #expect(
            try Self.places(#"(^|[^.\w])print\("#, except: ["tidemark/", "tidemark-bench/"]) == [])
    }

    @Test func `note to be done later`() throws {
        #expect(
            try Self.places(#"\b(FIXME|HACK)\b|\bTODO\b(?!\(#[0-9]+\))"#, comments: true) == [])
    }
}
