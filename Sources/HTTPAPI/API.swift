internal import Catalogue
public import Delivery
public import Hummingbird
public import Logging
public import Intake
public import Pipeline
public import Storage
public import TimeSeries

/// What the routes need of the rest of the server.
public struct API: Sendable {
    public typealias Context = BasicRequestContext

    public struct Identity: Sendable {
        public let version: String
        public let logID: String

        public init(version: String, logID: String) {
            self.version = version
            self.logID = logID
        }
    }

    let pipeline: Pipeline
    let engine: Engine
    let retention: RetentionWorker
    let judge: KPIJudge
    let control: ControlStore
    let delivery: DeliveryService
    /// Copied for each request: an intake keeps buffers.
    let intake: EventIntake
    let eventBytesMax: Int
    let limits: APILimits
    let identity: Identity
    let inFlight: BytesInFlight
    let now: @Sendable () -> Timestamp
    let sampleLimits: SampleLimits
    let verifyTurns = VerifyTurns()

    public init(
        pipeline: Pipeline, engine: Engine, retention: RetentionWorker, judge: KPIJudge,
        control: ControlStore, delivery: DeliveryService, intake: EventIntake,
        eventBytesMax: Int, limits: APILimits,
        identity: Identity, now: @escaping @Sendable () -> Timestamp
    ) {
        self.pipeline = pipeline
        self.engine = engine
        self.retention = retention
        self.judge = judge
        self.control = control
        self.delivery = delivery
        self.intake = intake
        self.eventBytesMax = eventBytesMax
        self.limits = limits
        self.identity = identity
        self.now = now
        inFlight = BytesInFlight(bytesMax: limits.bodyBytesInFlightMax)
        sampleLimits = SampleLimits()
    }

    /// All routes behind the doors.
    public func responder(doors: DoorRules, logger: Logger) -> some HTTPResponder<Context> {
        let router = Router(context: Context.self, options: .autoGenerateHeadEndpoints)
        for (path, methods) in endpoints { add(path, methods, to: router) }
        return Doorkeeper(rules: doors, logger: logger, inner: router.buildResponder())
    }

    static let methods: [HTTPRequest.Method] = [.get, .post, .put, .delete, .patch]
    /// No path has it.
    static let unusedMethod = HTTPRequest.Method.patch

    typealias Handler = @Sendable (Request, Context) async throws -> Response

    private var endpoints: [(path: String, methods: [HTTPRequest.Method: Handler])] {
        [
            ("/", [.get: index]),
            ("/events", [.post: postEvents, .get: getEvents]),
            ("/events/recent", [.get: getRecentEvents]),
            ("/events/filter-options", [.get: getFilterOptions]),
            ("/events/stream", [.get: getEventStream]),
            ("/events/{id}", [.get: getEvent]),
            ("/kpis", [.get: getKPIs]),
            ("/kpis/backtest", [.post: postBacktest]),
            ("/alerts", [.get: getAlerts]),
            ("/alerts/stream", [.get: getAlertStream]),
            ("/alerts/{id}", [.get: getAlert]),
            ("/alerts/{id}/ack", [.post: postAcknowledgement]),
            ("/silences", [.get: getSilences, .post: postSilence]),
            ("/silences/{id}", [.delete: deleteSilence]),
            ("/stream", [.get: getStream]),
            ("/hooks/{source_app}", [.post: postHook]),
            ("/metrics", [.get: getMetrics, .post: postMetrics]),
            ("/metrics/names", [.get: getMetricNames]),
            ("/write", [.post: postWrite]),
            ("/verify", [.post: postVerify]),
            ("/retention", [.get: getRetention, .post: postRetention]),
            ("/webhooks", [.get: getWebhooks, .post: postWebhook]),
            ("/webhooks/{id}", [.get: getWebhook, .delete: deleteWebhook]),
            ("/webhooks/{id}/test", [.post: testWebhook]),
            ("/webhooks/{id}/deliveries", [.get: getDeliveries]),
            ("/deliveries/{id}/retry", [.post: retryDelivery]),
            ("/healthz", [.get: getHealth]),
            ("/readyz", [.get: getReadiness]),
            ("/version", [.get: getVersion]),
            ("/openapi.yaml", [.get: getOpenAPI]),
        ]
    }

    /// Every other method of a known path is answered with the ones it has.
    private func add(
        _ path: String, _ methods: [HTTPRequest.Method: Handler], to router: Router<Context>
    ) {
        for (method, handler) in methods {
            router.on(RouterPath(path), method: method, use: handler)
        }
        let names = methods.keys.map(\.rawValue) + (methods[.get] == nil ? [] : ["HEAD"])
        let allow = names.sorted().joined(separator: ", ")
        for method in Self.methods where methods[method] == nil {
            router.on(RouterPath(path), method: method) { _, _ -> Response in
                var error = APIError(.methodNotAllowed, "this path knows \(allow)")
                error.headers[.allow] = allow
                throw error
            }
        }
    }
}
