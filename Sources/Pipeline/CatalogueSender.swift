public import Catalogue
internal import Intake
public import ServiceLifecycle

/// Puts the user's entries into force where others are: by one line of the log, which holds from the next
/// line on.
public struct CatalogueSender: Service {
    private let catalogue: UserCatalogue?
    private let engine: Engine
    private let queue: IngestQueue
    private let first: Submission?
    private let warn: @Sendable (String) -> Void

    private static let retryPause = Duration.milliseconds(500)

    /// The line waits for the disk before anybody else's.
    /// - Parameters:
    ///   - catalogue: nil leaves in force what the log says.
    ///   - warn: told what the operator should know.
    public init(
        _ catalogue: UserCatalogue?, engine: Engine, queue: IngestQueue,
        warn: @escaping @Sendable (String) -> Void
    ) async throws {
        self.catalogue = catalogue
        self.engine = engine
        self.queue = queue
        self.warn = warn
        if let catalogue, try await engine.catalogueAtEnd() != catalogue {
            first = try queue.submit(EventBatch(catalogue), isOwn: true)
        } else {
            first = nil
        }
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            if let catalogue {
                if let first { await enforce(catalogue, first) }
                await reportContradictions(of: catalogue)
            }
            // Where a service ends, the server does.
            while (try? await Task.sleep(for: .seconds(86_400))) != nil {}
        }
    }

    /// A disk that fails is tried again.
    private func enforce(_ catalogue: UserCatalogue, _ first: Submission) async {
        var submission: Submission? = first
        while !Task.isCancelled {
            if (try? await submission?.outcome()) != nil { return }
            if submission != nil { warn("it could not be written to the log; trying again") }
            guard (try? await Task.sleep(for: Self.retryPause)) != nil else { return }
            submission = try? queue.submit(EventBatch(catalogue), isOwn: true)
        }
    }

    /// What the log holds beyond the store is known only when it is folded.
    private func reportContradictions(of catalogue: UserCatalogue) async {
        while !Task.isCancelled, (try? await engine.settleReplay()) == nil {}
        for contradiction in await catalogue.contradictions(to: engine.metricTable) {
            warn("\(contradiction); the entry gives no samples: give it another name")
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
