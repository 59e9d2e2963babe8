internal import Foundation
internal import Hummingbird
internal import Logging
internal import Pipeline

/// `/retention`: what the policy takes away now, and taking it away.
extension API {
    @Sendable func getRetention(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        return try await answer(context) { () throws(RetentionFailure) in
            try await retention.plan()
        }
    }

    @Sendable func postRetention(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        return try await answer(context) { () throws(RetentionFailure) in
            try await retention.apply()
        }
    }

    private func answer(
        _ context: Context, _ body: () async throws(RetentionFailure) -> RetentionReport
    ) async throws -> Response {
        let report: RetentionReport
        do throws(RetentionFailure) {
            report = try await body()
        } catch {
            context.logger.error("retention failed", metadata: ["why": "\(error)"])
            throw APIError(error)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return .json([UInt8](try encoder.encode(report)))
    }
}
