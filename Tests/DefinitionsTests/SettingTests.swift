import Daemon
import Testing

@Suite struct `A setting` {
    /// The values that a number may have, as its error text says.
    private static func range(of setting: Setting) throws -> ClosedRange<Int64>? {
        let faults = Resolution.faults(flags: [setting.key: "no number"])
        guard let match = faults.first?.firstMatch(of: /from (-?[0-9]+) to (-?[0-9]+)$/) else {
            return nil
        }
        return try #require(Int64(match.1))...(try #require(Int64(match.2)))
    }

    private static let texts: Set = [
        "host", "data", "redaction", "catalogue", "retention", "kpis", "webhooks",
    ]
    private static let lists: Set = ["allow_hosts", "allow_origins", "webhook_allow_hosts"]
    private static let spans: Set = ["webhook_retry_milliseconds"]

    @Test func `has a key, a variable and a flag of its own`() {
        let keys = Setting.table.map(\.key)
        #expect(Set(keys).count == keys.count)
        #expect(Set(Setting.table.map(\.variable)).count == keys.count)
        for setting in Setting.table {
            #expect(setting.key.allSatisfy { $0.isASCII && $0.isLowercase || $0 == "_" })
            #expect(setting.variable == "TIDEMARK_" + setting.key.uppercased())
            #expect(!setting.help.isEmpty)
        }
        #expect(keys.contains("port") && keys.contains("host") && keys.contains("data"))
    }

    @Test(arguments: Setting.table.map(\.key))
    func `is a number with a unit and a range, but for a few`(key: String) throws {
        let setting = try #require(Setting.table.first { $0.key == key })
        let range = try Self.range(of: setting)
        let isNumber = !Self.texts.union(Self.lists).union(Self.spans).contains(key)
        #expect((range == nil) == !isNumber)
        if key != "port" {
            #expect(setting.unit.isEmpty == (range == nil && !Self.spans.contains(key)))
        }
    }

    @Test(arguments: Setting.table.map(\.key))
    func `has a default within its range`(key: String) throws {
        let setting = try #require(Setting.table.first { $0.key == key })
        guard let range = try Self.range(of: setting) else { return }
        let preset = try #require(Int64(setting.defaultText))
        #expect(range.contains(preset))
        let mayBeNothing = ["timestamp_ahead_milliseconds_max", "string_bytes_max"]
        #expect(range.lowerBound < preset || mayBeNothing.contains(key))
    }

    @Test(arguments: Setting.table.map(\.key))
    func `is read as it was written, and alone`(key: String) throws {
        let setting = try #require(Setting.table.first { $0.key == key })
        var values = ["some text"]
        if Self.lists.contains(key) { values = ["a", "a,b", ""] }
        if Self.spans.contains(key) { values = ["7", "0,5,86400000"] }
        if let range = try Self.range(of: setting) {
            values = [range.lowerBound, range.lowerBound + 1, range.upperBound].map(String.init)
        }
        for value in values {
            let settings = try Resolution.settings(flags: [key: value])
            #expect(setting.read(settings) == value)
            for other in Setting.table where other.key != key {
                #expect(other.read(settings) == other.defaultText, "\(other.key)")
            }
        }
    }

    @Test(arguments: Setting.table.map(\.key))
    func `is refused outside its range`(key: String) throws {
        let setting = try #require(Setting.table.first { $0.key == key })
        guard let range = try Self.range(of: setting) else { return }
        let flag = "--" + key.replacing("_", with: "-")
        let wrong = [
            String(range.lowerBound - 1), String(range.upperBound + 1), "", " ", "1.5", "1e3",
            "0x10",
            "1_000", "1,000", "many", "１", "\(range.lowerBound) ", "99999999999999999999", "10k",
        ]
        for value in wrong {
            let faults = Resolution.faults(flags: [key: value])
            #expect(
                faults == [
                    "\(flag): must be a whole number from \(range.lowerBound) to \(range.upperBound)"
                ])
        }
    }

    @Test(arguments: [
        ("a", ["a"]), ("a,b", ["a", "b"]), (" a , b ", ["a", "b"]), ("a,,b", ["a", "b"]), ("", []),
        (",", []), ("a,", ["a"]), ("a b,c", ["a b", "c"]),
    ])
    func `may be a list with commas`(text: String, list: [String]) throws {
        #expect(try Resolution.settings(flags: ["allow_hosts": text]).allowHosts == list)
        #expect(try Resolution.settings(flags: ["allow_origins": text]).allowOrigins == list)
    }

    /// An empty name would let in whoever sends none.
    @Test(arguments: [" ", " , ", "a, ", " ,a"])
    func `has no empty names in its list`(text: String) throws {
        let hosts = try Resolution.settings(flags: ["allow_hosts": text]).allowHosts
        #expect(!hosts.contains(""))
    }

    @Test func `has these defaults`() {
        let presets = Dictionary(
            uniqueKeysWithValues: Setting.table.map { ($0.key, $0.defaultText) })
        #expect(presets["host"] == "127.0.0.1")
        #expect(presets["port"] == "4000")
        #expect(presets["data"] == "data")
        #expect(presets["redaction"] == "")
        #expect(presets["allow_hosts"] == "")
        #expect(presets["allow_origins"] == "")
    }
}
