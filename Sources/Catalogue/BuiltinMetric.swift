internal import TimeSeries

/// The metrics that Tidemark itself knows, in the order of its documentation.
///
/// The raw value is a metric's place in every `MetricTable`.
public enum BuiltinMetric: UInt16, CaseIterable, Sendable {
    // From the lines of events.
    case events, toolStarts, toolCalls, toolFailures, toolDuration, permissionWait, ingestLag
    // From samples that Tidemark and its clients send.
    case tokens, cost, hookLatency, hookTimeouts
    case logWrite, ingestQueueDepth, streamLatency, eventsRate, processMemory
    case diskFree, dataSize

    public var definition: MetricDefinition {
        switch self {
        case .events: Self.eventCounter("events", ["type"], "Events taken into the log.")
        case .toolStarts: Self.eventCounter("tool.starts", ["tool"], "Tool uses begun.")
        case .toolCalls:
            Self.eventCounter("tool.calls", ["tool"], "Tool uses ended, in success or failure.")
        case .toolFailures: Self.eventCounter("tool.failures", ["tool"], "Tool uses that failed.")
        case .toolDuration:
            Self.duration("tool.duration", ["source_app", "tool"], "How long tool uses took.")
        case .permissionWait:
            Self.duration(
                "permission.wait", ["source_app", "tool"],
                "How long agents waited for a permission.")
        case .ingestLag:
            Self.duration(
                "ingest.lag", ["source_app"],
                "From an event's own time to its arrival; negative where a sender's clock is ahead."
            )
        default: sampleDefinition
        }
    }

    private var sampleDefinition: MetricDefinition {
        switch self {
        case .tokens:
            Self.counter("tokens", "1", ["model", "source_app", "type"], "Tokens used.")
        case .cost:
            Self.counter("cost", "USD", ["model", "source_app", "type"], "What the tokens cost.")
        case .hookLatency:
            Self.duration(
                "hook.latency", ["source_app", "type"], "How long hooks held an agent up.")
        case .hookTimeouts:
            Self.counter(
                "hook.timeouts", "1", ["source_app"], "Hook runs that hit their deadline.")
        case .logWrite:
            Self.duration("log.write", [], "Write and fdatasync of a group of lines.")
        case .ingestQueueDepth:
            Self.gauge("ingest.queue.depth", "1", "Events that wait to be written.")
        case .streamLatency:
            Self.duration(
                "stream.latency", [], "From an event's acknowledgement to a client's socket.")
        case .eventsRate: Self.gauge("events.rate", "1/s", "Events taken a second.")
        case .diskFree:
            Self.gauge("disk.free", "By", "Free on the disk that the data folder is on.")
        case .dataSize: Self.gauge("data.size", "By", "All that the data folder holds.")
        default: Self.gauge("process.memory", "By", "Resident set of the server.")
        }
    }

    private static func eventCounter(
        _ name: String, _ tag: [String], _ help: String
    ) -> MetricDefinition {
        counter(name, "1", ["source_app"] + tag, help)
    }

    private static func counter(
        _ name: String, _ unit: String, _ tagKeys: [String], _ help: String
    ) -> MetricDefinition {
        MetricDefinition(name: name, kind: .counter, unit: unit, tagKeys: tagKeys, help: help)
    }

    private static func duration(
        _ name: String, _ tagKeys: [String], _ help: String
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, kind: .distribution, unit: "ms", tagKeys: tagKeys, help: help)
    }

    private static func gauge(_ name: String, _ unit: String, _ help: String) -> MetricDefinition {
        MetricDefinition(name: name, kind: .gauge, unit: unit, help: help)
    }
}
