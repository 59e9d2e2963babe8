import Testing

/// Which module may know which: bytes flow one way, and no module knows one that stands after it.
@Suite struct `The import map` {
    /// What each target's files may import. A new target, or a new import, is a decision: it is
    /// taken here.
    static let map: [String: Set<String>] = {
        let pure: [String: Set<String>] = [
            "CMalloc": [], "CZlib": [], "CZstd": [], "StrictJSON": [], "TimeSeries": [],
            "EventLine": ["Crypto", "StrictJSON", "TimeSeries"],
            "EventFormats": ["StrictJSON"],
            "EventIndex": ["CZlib", "EventLine", "StrictJSON", "TimeSeries"],
            "Catalogue": ["EventLine", "StrictJSON", "TimeSeries"],
            "Rollup": ["TimeSeries"],
            "KPI": ["Rollup", "TimeSeries"],
            "Retention": ["TimeSeries"],
            "Folds": ["Catalogue", "EventLine", "Rollup", "TimeSeries"],
            "Queries": ["Rollup", "StrictJSON", "TimeSeries"],
            "Intake": ["EventFormats", "EventLine", "StrictJSON", "TimeSeries"],
        ]
        let shell: [String: Set<String>] = [
            "Sealing": ["CZstd", "StrictJSON"],
            "EventLog": [
                "EventLine", "Glibc", "Sealing", "StrictJSON", "Synchronization", "TimeSeries",
            ],
            "Streams": [
                "DequeModule", "EventLine", "NIOCore", "Queries", "StrictJSON", "Synchronization",
                "TimeSeries",
            ],
            "WebSocketServer": ["NIOCore", "NIOHTTP1", "NIOWebSocket"],
            "Storage": [
                "Crypto", "EventIndex", "Foundation", "GRDB", "Glibc", "Rollup", "Synchronization",
                "TimeSeries",
            ],
            "Backup": ["EventLine", "EventLog", "Foundation", "Storage", "TimeSeries"],
            "Pipeline": [
                "Catalogue", "DequeModule", "Dispatch", "EventIndex", "EventLine", "EventLog",
                "Folds", "Foundation", "Intake", "KPI", "NIOCore", "NIOPosix", "Queries",
                "Retention", "Rollup", "Sealing", "ServiceLifecycle", "Storage", "Streams",
                "StrictJSON",
                "Synchronization", "TimeSeries",
            ],
            "Delivery": [
                "AsyncHTTPClient", "Crypto", "Foundation", "Glibc", "NIOCore", "NIOHTTP1",
                "NIOPosix", "ServiceLifecycle", "Storage", "StrictJSON", "Synchronization",
                "TimeSeries",
            ],
            "Definitions": [
                "Catalogue", "Delivery", "Intake", "KPI", "Retention", "TimeSeries", "Yams",
            ],
            "HTTPAPI": [
                "Catalogue", "CZlib", "Definitions", "Delivery", "DequeModule", "EventFormats",
                "EventLine", "EventLog", "Foundation",
                "HTTPTypes", "Hummingbird", "HummingbirdCore", "Intake", "KPI", "Logging",
                "NIOCore",
                "NIOHTTP1", "NIOHTTPTypes", "NIOHTTPTypesHTTP1", "Pipeline", "Queries",
                "Rollup", "ServiceLifecycle", "Storage", "Streams", "StrictJSON",
                "Synchronization", "TimeSeries", "WebSocketServer",
            ],
            "Daemon": [
                "Catalogue", "Definitions", "Delivery", "EventFormats", "EventLog", "Folds",
                "Foundation",
                "HTTPAPI",
                "Hummingbird",
                "HummingbirdCore", "Intake", "KPI", "Logging", "NIOCore", "NIOPosix", "Pipeline",
                "Retention", "Rollup", "ServiceLifecycle", "Storage", "Streams", "TimeSeries",
                "UnixSignals", "WebSocketServer",
            ],
            "tidemark": [
                "ArgumentParser", "AsyncHTTPClient", "Backup", "Catalogue", "CMalloc", "Daemon",
                "EventIndex", "EventLine", "EventLog", "Folds", "Foundation", "Logging", "NIOCore",
                "NIOHTTP1", "NIOPosix",
                "Pipeline", "Queries", "Rollup", "Storage", "StrictJSON", "Synchronization",
                "TimeSeries",
            ],
            "tidemark-bench": [
                "ArgumentParser", "Darwin", "Foundation", "Glibc", "NIOCore", "NIOPosix",
            ],
        ]
        return pure.merging(shell) { $1 }
    }()

    /// The modules that a file imports, in whatever way it says so.
    static func imports(_ file: RepositoryFile) -> Set<String> {
        let kinds = "(?:typealias|struct|class|enum|protocol|let|var|func) "
        let pattern = try? Regex(
            "\\bimport +(?:\(kinds))?([A-Za-z_0-9]+)", as: (Substring, Substring).self)
        guard let pattern else { return [] }
        return Set(
            SwiftText.code(of: file.text).split(separator: "\n").flatMap { line in
                line.matches(of: pattern).map { String($0.output.1) }
            })
    }

    @Test func `has a row for every target`() throws {
        #expect(try Repository.targets() == Self.map.keys.sorted())
    }

    @Test func `is kept by every file`() throws {
        for target in try Repository.targets() {
            for file in try Repository.files("Sources/" + target, ending: ".swift") {
                let surplus = Self.imports(file).subtracting(Self.map[target] ?? [])
                #expect(surplus.isEmpty, "\(file.path) may not import \(surplus.sorted())")
            }
        }
    }

    @Test func `has no row for what nobody imports`() throws {
        for (target, allowed) in Self.map where target != "tidemark-bench" {
            let files = try Repository.files("Sources/" + target, ending: ".swift")
            let used = files.reduce(into: Set<String>()) { $0.formUnion(Self.imports($1)) }
            #expect(allowed.subtracting(used).isEmpty, "\(target)")
        }
    }

    @Test func `allows no way back`() {
        for (target, allowed) in Self.map {
            var (reached, waiting) = (Set<String>(), allowed)
            while let next = waiting.popFirst() {
                if reached.insert(next).inserted { waiting.formUnion(Self.map[next] ?? []) }
            }
            #expect(!reached.contains(target), "\(target) reaches itself")
        }
    }

    @Test(
        arguments: [
            "StrictJSON", "TimeSeries", "EventLine", "EventFormats", "Intake", "Catalogue",
            "Rollup",
            "Folds", "Queries",
        ])
    func `lets a pure target know nothing of the world`(target: String) {
        let pure: Set = [
            "Crypto", "StrictJSON", "TimeSeries", "EventLine", "EventFormats", "Catalogue",
            "Rollup",
        ]
        #expect(Self.map[target]?.isSubset(of: pure) == true)
    }

    @Test(
        arguments: [
            ("public import Intake", "Intake"), ("@testable import Intake", "Intake"),
            ("  internal import struct Intake.EventBatch", "Intake"),
            ("import Glibc.math", "Glibc"),
            ("#if canImport(X)\nimport Intake\n#endif", "Intake"),
            ("let a = 1; import Intake", "Intake"),
            ("// import Intake", ""), ("let text = \"import Intake\"", ""), ("reimport(x)", ""),
        ])
    func `sees an import however it is written`(text: String, module: String) {
        let found = Self.imports(RepositoryFile(path: "", text: text))
        #expect(found == (module.isEmpty ? [] : [module]))
    }
}
