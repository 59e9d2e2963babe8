public import Catalogue
public import EventLog
internal import Intake
public import ServiceLifecycle

/// Puts the user's entries into force where others are: by one line of the log, which holds from the next
/// line on.
public struct CatalogueSender: Service {
    private let catalogue: UserCatalogue?
    private let engine: Engine
    private let log: EventLog
    private let queue: IngestQueue

    private static let retryPause = Duration.milliseconds(500)

    /// - Parameter catalogue: nil leaves in force what the log says.
    public init(_ catalogue: UserCatalogue?, engine: Engine, log: EventLog, queue: IngestQueue) {
        self.catalogue = catalogue
        self.engine = engine
        self.log = log
        self.queue = queue
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            if let catalogue { await enforce(catalogue) }
            // Where a service ends, the server does.
            while (try? await Task.sleep(for: .seconds(86_400))) != nil {}
        }
    }

    /// Which entries are in force is known when the log is replayed. A disk that fails is tried again.
    private func enforce(_ catalogue: UserCatalogue) async {
        while !Task.isCancelled {
            do {
                try await engine.settle(through: log.lastID)
                guard await engine.catalogue != catalogue else { return }
                _ = try await queue.submit(EventBatch(catalogue)).outcome()
                return
            } catch {
                try? await Task.sleep(for: Self.retryPause)
            }
        }
    }
}

extension EventBatch {
    /// The line that puts entries into force.
    fileprivate init(_ catalogue: UserCatalogue) {
        var bytes: [UInt8] = []
        let line = catalogue.appendLineParts(to: &bytes)
        self.init(bytes: bytes, lines: [line])
    }
}
