internal import KPI
internal import Logging
internal import Pipeline
internal import ServiceLifecycle
internal import Storage
internal import UnixSignals

extension Daemon {
    static func judge(
        _ kpis: [KPIDefinition], _ settings: Settings, _ engine: Engine, _ pipeline: Pipeline,
        _ control: ControlStore
    ) async throws(StartFailure) -> KPIJudge {
        do throws(StorageError) {
            return try await KPIJudge(
                kpis, engine: engine, pipeline: pipeline, store: control,
                limits: settings.judging)
        } catch {
            throw StartFailure(message: error.description, hint: "look at the disk's health")
        }
    }
}

/// Reads the file of KPIs again on SIGHUP. One with a fault changes nothing, and is named.
struct KPIReload: Service {
    private let judge: KPIJudge
    private let path: String
    private let logger: Logger

    init(_ judge: KPIJudge, _ path: String, _ logger: Logger) {
        (self.judge, self.path, self.logger) = (judge, path, logger)
    }

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            do throws(Daemon.StartFailure) {
                let kpis = try DefinitionFiles.kpis(path)
                await judge.replace(kpis)
                logger.info("KPIs were read again", metadata: ["count": "\(kpis.count)"])
            } catch {
                logger.error("KPIs stay as they are", metadata: ["why": "\(error.message)"])
            }
        }
    }
}
