internal import Delivery
internal import Logging
internal import NIOPosix
internal import Storage

extension Daemon {
    /// Lookups of names at once; one that is not answered holds a thread.
    private static let resolverThreads = 16

    static func openControl(_ settings: Settings) throws(StartFailure) -> ControlStore {
        do throws(StorageError) {
            return try ControlStore(folder: settings.data, limits: settings.control)
        } catch {
            throw controlFailure(error, settings.data)
        }
    }

    /// With the webhooks of the file as that says.
    static func delivery(
        _ store: ControlStore, _ settings: Settings, _ webhooks: [WebhookDraft], _ logger: Logger
    ) async throws -> DeliveryService {
        guard webhooks.count <= settings.delivery.webhooksMax else {
            throw StartFailure(
                message: "\(settings.webhooks): has more webhooks than webhooks_max",
                hint: "raise webhooks_max, or split them over several servers")
        }
        do throws(StorageError) {
            let time = now()
            let rows = webhooks.map { $0.row(isFromFile: true, createdAt: time) }
            for id in try await store.setWebhooks(fromFile: rows) {
                logger.warning(
                    "passed over a webhook of the file: a request has added one of this id",
                    metadata: ["id": "\(id)"])
            }
        } catch {
            throw controlFailure(error, settings.data)
        }
        let threads = NIOThreadPool(numberOfThreads: resolverThreads)
        threads.start()
        return DeliveryService(
            store, limits: settings.delivery,
            rules: AddressRules(allowHosts: settings.webhookAllowHosts),
            resolver: .system(threads), userAgent: "Tidemark/\(version)", now: now
        ) { webhook, words in
            logger.warning("webhook: \(words)", metadata: ["id": "\(webhook)"])
        }
    }

    private static func controlFailure(_ error: StorageError, _ folder: String) -> StartFailure {
        let hint =
            switch error.code {
            case .corrupt:
                ControlStore.newestCopy(in: folder).map {
                    "its newest copy is \($0): put it in the place of \(ControlStore.fileName), "
                        + "and remove \(ControlStore.fileName)-wal and -shm"
                }
                    ?? "there is no copy of it; to forget webhooks, alerts and silences, move it away"
            case .schemaTooNew: "use the newer tidemark that wrote it"
            case .noSpace: "free space on that disk"
            case .readOnly, .permissionDenied:
                "make the folder writable, or choose another with --data"
            default: "look at the disk's health"
            }
        return StartFailure(message: error.description, hint: hint)
    }
}
