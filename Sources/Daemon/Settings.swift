public import Delivery
public import HTTPAPI
public import Intake
public import Pipeline
public import Storage

/// Everything that `serve` can be told, validated. Made once, at start; each part gets its own piece.
public struct Settings: Sendable {
    public var host = "127.0.0.1"
    public var port = 4_000
    public var data = "data"
    /// A file with further redaction rules; empty for none.
    public var redaction = ""
    /// A file with metrics of one's own; empty leaves in force what the log says.
    public var catalogue = ""
    /// A file with what is kept, and how long; empty for the policy that is shipped.
    public var retention = ""
    /// A file with what is judged; empty for the KPIs that are shipped.
    public var kpis = ""
    public var judging = KPIJudge.Limits()
    /// A file with webhooks; empty for none but those that requests add.
    public var webhooks = ""
    /// `host:port` of receivers that may be at private addresses.
    public var webhookAllowHosts: [String] = []
    public var allowHosts: [String] = []
    public var allowOrigins: [String] = []
    /// How long a graceful shutdown may take before connections are cut.
    public var shutdownSecondsMax = 10
    /// How often the server's own numbers are sent; 0 for never.
    public var telemetryMilliseconds: Int64 = 10_000
    /// How often what the policy takes away is looked for.
    public var retentionMilliseconds: Int64 = 10_000
    public var intake = EventIntake.Limits()
    public var pipeline = Pipeline.Limits()
    public var sealing = SealingPolicy()
    public var engine = Engine.Limits()
    public var control = ControlStore.Limits()
    public var delivery = DeliveryLimits()
    public var api = APILimits()

    public init() {}
}
