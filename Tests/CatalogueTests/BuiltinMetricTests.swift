import Catalogue
import TimeSeries
import Testing

@Suite struct `Tidemark's own metrics` {
    private static let definitions = BuiltinMetric.allCases.map(\.definition)

    @Test func `are the table of the design`() {
        let table = Self.definitions.map {
            "\($0.name) \($0.kind.rawValue) \($0.unit) \($0.tagKeys.joined(separator: ","))"
        }
        #expect(
            table == [
                "events counter 1 source_app,type", "tool.starts counter 1 source_app,tool",
                "tool.calls counter 1 source_app,tool", "tool.failures counter 1 source_app,tool",
                "tool.duration distribution ms source_app,tool",
                "permission.wait distribution ms source_app,tool",
                "ingest.lag distribution ms source_app", "tokens counter 1 model,source_app,type",
                "cost counter USD model,source_app,type",
                "hook.latency distribution ms source_app,type",
                "hook.timeouts counter 1 source_app", "log.write distribution ms ",
                "ingest.queue.depth gauge 1 ", "stream.latency distribution ms ",
                "events.rate gauge 1/s ", "process.memory gauge By ",
                "disk.free gauge By ", "data.size gauge By ",
            ])
    }

    @Test func `have valid names, units and tags, and a sentence each`() {
        for definition in Self.definitions {
            #expect(MetricName.isValid(definition.name))
            #expect(SampleLines.isUnit(definition.unit))
            #expect(definition.tagKeys == definition.tagKeys.sorted())
            #expect(definition.help.hasSuffix("."))
            #expect(definition.scale == .millionths)
        }
        #expect(Set(Self.definitions.map(\.name)).count == Self.definitions.count)
    }

    @Test func `are observed with the tags that they declare`() throws {
        var observer = LineObserver()
        let found = observer.observe([
            .tool("PreToolUse", id: 1), .tool("PermissionRequest", id: 2),
            .tool("PostToolUseFailure", id: 3),
        ])
        var seen: Set<String> = []
        for observed in found {
            let bytes = Array(observed.series.utf8)
            let key = try SeriesKey(canonical: bytes.span)
            let id = try #require(observer.metrics.id(of: key.metric))
            #expect(key.tags.map(\.key) == observer.metrics[id].tagKeys)
            seen.insert(key.metric)
        }
        #expect(seen.count == 7)
    }
}
