internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Pipeline
internal import Synchronization

/// `POST /verify`: holds the rollups against the log, and tells line by line how far it is.
extension API {
    /// Between two lines of progress; also how soon it is noticed that nobody listens any more.
    private static let progressMilliseconds = 500

    @Sendable func postVerify(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        guard let turn = verifyTurns.take() else {
            throw APIError(.verifyRunning, "the log is being recounted already")
        }
        let verification = try await verification()
        let body = ResponseBody { writer in
            let message = try await Self.run(verification, &writer)
            // Who has the result may begin another one.
            turn.end()
            try await writer.write(Self.line(message))
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    private func verification() async throws -> Verification {
        do throws(EngineRefusal) {
            return try await engine.verification(of: pipeline.log)
        } catch {
            throw APIError(error)
        }
    }

    /// A client that goes away makes a write fail, and that ends the recount.
    private static func run(
        _ verification: Verification, _ writer: inout any ResponseBodyWriter
    ) async throws -> VerifyMessage {
        let (progress, feed) = AsyncStream.makeStream(
            of: RecountProgress.self, bufferingPolicy: .bufferingNewest(1))
        return try await withThrowingTaskGroup(of: VerifyMessage.self) { group in
            group.addTask {
                defer { feed.finish() }
                do throws(RecountRefusal) {
                    return VerifyMessage(try await verification.run { feed.yield($0) })
                } catch {
                    return VerifyMessage(error)
                }
            }
            var next = ContinuousClock.now
            for await step in progress where .now >= next {
                try await writer.write(line(VerifyMessage(step)))
                next = .now + .milliseconds(progressMilliseconds)
            }
            guard let message = try await group.next() else { throw CancellationError() }
            return message
        }
    }

    private static func line(_ message: VerifyMessage) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(bytes: try encoder.encode(message) + Data("\n".utf8))
    }
}

/// A recount reads the whole log and fills a temporary store: one at a time.
final class VerifyTurns: Sendable {
    private let isTaken = Mutex(false)

    /// - Returns: nil while somebody has it.
    func take() -> Turn? {
        let isMine = isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
        return isMine ? Turn(self) : nil
    }

    fileprivate func giveBack() { isTaken.withLock { $0 = false } }

    /// Ends with its last reference, if not before.
    final class Turn: Sendable {
        private let turns: VerifyTurns
        private let isOver = Mutex(false)

        fileprivate init(_ turns: VerifyTurns) {
            self.turns = turns
        }

        deinit {
            end()
        }

        func end() {
            let isFirst = isOver.withLock { isOver in
                defer { isOver = true }
                return !isOver
            }
            if isFirst { turns.giveBack() }
        }
    }
}
