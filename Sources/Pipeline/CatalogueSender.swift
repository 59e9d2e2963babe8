public import Catalogue
internal import Intake
public import ServiceLifecycle

/// Puts the user's entries into force where others are: by one line of the log, which holds from the next
/// line on.
public struct CatalogueSender: Service {
    private let catalogue: UserCatalogue?
    private let queue: IngestQueue
    private let first: Submission?

    private static let retryPause = Duration.milliseconds(500)

    /// The line waits for the disk before anybody else's.
    /// - Parameter catalogue: nil leaves in force what the log says.
    public init(
        _ catalogue: UserCatalogue?, engine: Engine, queue: IngestQueue
    ) async throws {
        self.catalogue = catalogue
        self.queue = queue
        if let catalogue, try await engine.catalogueAtEnd() != catalogue {
            first = try queue.submit(EventBatch(catalogue), isOwn: true)
        } else {
            first = nil
        }
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            if let first, let catalogue { await enforce(catalogue, first) }
            // Where a service ends, the server does.
            while (try? await Task.sleep(for: .seconds(86_400))) != nil {}
        }
    }

    /// A disk that fails is tried again.
    private func enforce(_ catalogue: UserCatalogue, _ first: Submission) async {
        var submission: Submission? = first
        while !Task.isCancelled {
            if (try? await submission?.outcome()) != nil { return }
            guard (try? await Task.sleep(for: Self.retryPause)) != nil else { return }
            submission = try? queue.submit(EventBatch(catalogue), isOwn: true)
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
