internal import Catalogue
internal import Definitions
internal import Delivery
internal import EventLog
internal import Foundation
internal import HTTPAPI
internal import Hummingbird
internal import HummingbirdCore
internal import Intake
public import Logging
internal import NIOCore
internal import NIOPosix
internal import Pipeline
internal import ServiceLifecycle
internal import Storage
public import TimeSeries
internal import UnixSignals

/// The composition root: settings → object graph → one `ServiceGroup`.
public enum Daemon {
    public static let version = "0.1.0"

    /// Why the server does not start; for the operator.
    public struct StartFailure: Error, Sendable {
        public let message: String
        public let hint: String
    }

    /// Runs until SIGTERM or SIGINT.
    /// - Parameter announce: called with the address once the server listens.
    public static func run(
        _ settings: Settings, logger: Logger, announce: @escaping @Sendable (String) -> Void
    ) async throws {
        try await run(settings, logger: logger, work: nil, announce: announce)
    }

    /// - Parameter work: when it ends, the server does.
    static func run(
        _ settings: Settings, logger: Logger, work: (any Service)?,
        announce: @escaping @Sendable (String) -> Void
    ) async throws {
        try checkHost(settings.host)
        let redactor = Redactor(rules: try DefinitionFiles.redaction(settings.redaction))
        let catalogue = try DefinitionFiles.catalogue(settings.catalogue)
        let policy = try DefinitionFiles.retention(settings.retention)
        let kpis = try DefinitionFiles.kpis(settings.kpis)
        let webhooks = try DefinitionFiles.webhooks(settings.webhooks)
        let lock = try openFolder(settings.data)
        let control = try openControl(settings)
        let pipeline = try await openPipeline(settings, logger)
        let engine = try await openEngine(settings, pipeline, logger)
        if let catalogue { try check(catalogue, settings.catalogue, await engine.metricTable) }
        let judge = try await judge(kpis, settings, engine, pipeline, control)
        let retention = RetentionWorker(policy, log: pipeline.log, engine: engine, now: now)
        let delivery = try await delivery(control, settings, webhooks, logger)
        let api = API(
            pipeline: pipeline, engine: engine, retention: retention, judge: judge,
            control: control, delivery: delivery,
            intake: EventIntake(limits: settings.intake, redactor: redactor, keys: pipeline.keys),
            eventBytesMax: settings.intake.eventBytesMax, limits: settings.api,
            identity: API.Identity(version: version, logID: pipeline.log.logID), now: now)
        let sender = try await CatalogueSender(catalogue, engine: engine, queue: pipeline.queue) {
            logger.warning("catalogue: \($0)")
        }
        let server = server(api, settings, logger, announce)
        let telemetry = TelemetrySender(
            pipeline.telemetry, every: settings.telemetryMilliseconds, queue: pipeline.queue,
            disk: pipeline.disk, now: now)
        var configuration = ServiceGroupConfiguration(
            services: [
                engine, pipeline,
                Broadcaster(pipeline, engine, limits: settings.pipeline.streams, now: now),
                telemetry, sender,
                SealingService(
                    pipeline.log, settings.sealing, disk: pipeline.disk, now: now
                ) { report($0, logger) },
                RetentionService(
                    retention, pipeline.disk, policy, folder: settings.data,
                    everyMilliseconds: settings.retentionMilliseconds
                ) { report($0, logger) },
                KPIService(judge, now: now) { report($0, logger) },
                KPIReload(judge, settings.kpis, logger),
                ControlKeeper(control, now: now) { logger.error("control store: \($0)") },
                delivery, server,
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        if let work {
            configuration.services.append(
                .init(service: work, successTerminationBehavior: .gracefullyShutdownGroup))
        }
        configuration.maximumGracefulShutdownDuration = .seconds(settings.shutdownSecondsMax)
        try await run(ServiceGroup(configuration: configuration), settings)
        withExtendedLifetime(lock) {}
    }

    private static func run(_ group: ServiceGroup, _ settings: Settings) async throws {
        do {
            try await group.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw StartFailure(
                message: "cannot listen on port \(settings.port): another process does",
                hint: "choose another with --port, or let it pick one with --port 0")
        }
    }

    /// The one place that reads the clock.
    @Sendable public static func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    private static func server(
        _ api: API, _ settings: Settings, _ logger: Logger,
        _ announce: @escaping @Sendable (String) -> Void
    ) -> some Service {
        var doors = DoorRules()
        doors.hosts.formUnion(settings.allowHosts.map { $0.lowercased() })
        doors.origins.formUnion(settings.allowOrigins)
        return Application(
            responder: api.responder(doors: doors, logger: logger),
            server: .tidemark(api, doors: doors),
            configuration: ApplicationConfiguration(
                address: .hostname(loopback(settings.host), port: settings.port), serverName: nil,
                backlog: 1_024,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.api.connectionsMax)),
            onServerRunning: { channel in announce(address(channel)) },
            logger: logger)
    }

    private static func address(_ channel: any Channel) -> String {
        guard let address = channel.localAddress, let ip = address.ipAddress,
            let port = address.port
        else { return "an unknown address" }
        return ip.contains(":") ? "http://[\(ip)]:\(port)" : "http://\(ip):\(port)"
    }

    private static func checkHost(_ host: String) throws(StartFailure) {
        guard ["127.0.0.1", "::1", "localhost"].contains(host) else {
            throw StartFailure(
                message: "refuses to listen on \(host): there are no access tokens yet",
                hint: "listen on 127.0.0.1 and reach it through ssh -L 4000:127.0.0.1:4000")
        }
    }

    /// A bare system may not know the name.
    private static func loopback(_ host: String) -> String {
        host == "localhost" ? "127.0.0.1" : host
    }

    /// A metric has one kind for ever.
    private static func check(
        _ catalogue: UserCatalogue, _ path: String, _ known: MetricTable
    ) throws(StartFailure) {
        guard let first = catalogue.contradictions(to: known).first else { return }
        throw StartFailure(
            message: "\(path): \(first.description) in this data folder",
            hint: "give the entry another name")
    }

    private static func openFolder(_ path: String) throws(StartFailure) -> FolderLock {
        do throws(LogError) {
            return try FolderLock(folder: path)
        } catch {
            throw failure(error)
        }
    }

    private static func openPipeline(
        _ settings: Settings, _ logger: Logger
    ) async throws -> Pipeline {
        do {
            let pipeline = try await Pipeline(
                folder: settings.data + "/log", limits: settings.pipeline,
                threads: .singleton,
                damageListener: { report($0, logger) },
                makeLogID: { UUID().uuidString.lowercased() }, now: now)
            report(pipeline.recovery, logger)
            return pipeline
        } catch let error as LogError {
            throw failure(error)
        }
    }

    private static func openEngine(
        _ settings: Settings, _ pipeline: Pipeline, _ logger: Logger
    ) async throws -> Engine {
        do {
            let engine = try await Engine(
                folder: settings.data, log: pipeline.log, feed: pipeline.feed,
                index: pipeline.index,
                threads: .singleton, limits: settings.engine)
            if let reason = engine.rebuildReason {
                logger.warning(
                    "counts the whole log anew", metadata: ["why": "derived.sqlite: \(reason)"])
            }
            return engine
        } catch let error as StorageError {
            throw failure(error)
        } catch let error as OutdatedStore {
            throw StartFailure(
                message: error.description,
                hint: "tidemark rebuild keeps its rollups, and counts on from what is known")
        }
    }

    private static func failure(_ error: StorageError) -> StartFailure {
        let hint =
            switch error.code {
            case .schemaTooNew: "use the newer tidemark that wrote it"
            case .noSpace: "free space on that disk"
            case .readOnly, .permissionDenied:
                "make the folder writable, or choose another with --data"
            default: "remove derived.sqlite: it is made again from the log"
            }
        return StartFailure(message: error.description, hint: hint)
    }

    private static func failure(_ error: LogError) -> StartFailure {
        let hint =
            switch error.code {
            case .locked: "stop that process, or choose another folder with --data"
            case .formatTooNew: "use the newer tidemark that wrote it"
            case .noSpace: "free space on that disk"
            case .readOnly, .permissionDenied:
                "make the folder writable, or choose another with --data"
            case .inputOutput, .missing, .other: "look at the disk's health"
            }
        return StartFailure(message: error.description, hint: hint)
    }
}
