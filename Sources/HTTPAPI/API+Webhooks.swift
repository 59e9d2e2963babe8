internal import Delivery
internal import HTTPTypes
internal import Hummingbird
internal import Storage

/// Webhooks, and what was and is to be delivered to them.
extension API {
    private static let webhookBodyBytesMax = 64 << 10
    private static let deliveriesMax = 1_000

    @Sendable func getWebhooks(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        let rows = try await stored { () throws(StorageError) in try await control.webhooks() }
        return try .json(encoding: WebhookList(webhooks: rows.map { WebhookAnswer($0) }))
    }

    @Sendable func postWebhook(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        guard case .json = try BodyKind(request.headers[.contentType]) else {
            throw APIError(.unsupportedMediaType, "Content-Type: only application/json is taken")
        }
        var reader = try BodyReader(request)
        let body = try await reader.collect(bytesMax: Self.webhookBodyBytesMax, inFlight)
        var draft = try WebhookBody.draft(Array(body.readableBytesView))
        if draft.id.isEmpty { draft.id = Self.newID() }
        if draft.secrets.isEmpty { draft.secrets = [WebhookSecret.make().text] }
        if let fault = draft.faults.first {
            throw APIError.body(field: fault.field, fault.message)
        }
        let row = draft.row(isFromFile: false, createdAt: now())
        let isAdded = try await stored { () throws(StorageError) in
            guard try await control.webhooks().count < delivery.limits.webhooksMax else {
                return nil as Bool?
            }
            return try await control.add(row)
        }
        switch isAdded {
        case true: break
        case false: throw APIError(.conflict, "there is a webhook of this id")
        case nil: throw APIError(.conflict, "there are as many webhooks as webhooks_max")
        }
        return try .json(encoding: WebhookAnswer(row, withSecrets: true), status: .created)
    }

    @Sendable func getWebhook(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        return try .json(encoding: WebhookAnswer(try await webhook(context)))
    }

    @Sendable func deleteWebhook(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        let row = try await webhook(context)
        guard !row.isFromFile else {
            throw APIError(.conflict, "it comes from the file of webhooks: remove it there")
        }
        _ = try await stored { () throws(StorageError) in
            try await control.removeWebhook(row.id)
        }
        return Response(status: .noContent)
    }

    /// Sends one message now, and tells what came of it.
    @Sendable func testWebhook(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        let row = try await webhook(context)
        let result = try await stored { () throws(StorageError) in try await delivery.test(row) }
        return try .json(encoding: WebhookTestAnswer(result))
    }

    @Sendable func getDeliveries(_ request: Request, _ context: Context) async throws -> Response {
        let parameters = try Parameters(request, known: ["limit", "before"])
        let limit = try parameters.number("limit", in: 1...Self.deliveriesMax) ?? 100
        let before = try parameters.number("before", in: 0...Int.max)
        let row = try await webhook(context)
        let rows = try await stored { () throws(StorageError) in
            try await control.outbox.deliveries(
                of: row.id, before: before.map(Int64.init), limit: limit)
        }
        let next = rows.count < limit ? nil : rows.last.map { String($0.id) }
        return try .json(
            encoding: DeliveryList(deliveries: rows.map(DeliveryAnswer.init), next: next))
    }

    @Sendable func retryDelivery(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        guard let id = context.parameters.get("id").flatMap({ Int64($0) }), id > 0 else {
            throw APIError.parameter("id", "must be a delivery's number")
        }
        let time = now()
        let (answer, row) = try await stored { () throws(StorageError) in
            (
                try await control.outbox.retry(id, at: time),
                try await control.outbox.delivery(id)
            )
        }
        switch answer {
        case .scheduled: break
        case .unknown: throw APIError(.notFound, "there is no delivery of this number")
        case .disabled: throw APIError(.conflict, "its webhook is disabled: test it first")
        case .underWay:
            throw APIError(.conflict, "another message of the same alert is under way")
        }
        guard let row else { throw APIError(.notFound, "there is no delivery of this number") }
        return try .json(encoding: DeliveryAnswer(row))
    }

    private func webhook(_ context: Context) async throws -> WebhookRow {
        let id = context.parameters.get("id") ?? ""
        let row = try await stored { () throws(StorageError) in try await control.webhook(id) }
        guard let row else { throw APIError(.notFound, "there is no webhook of this id") }
        return row
    }

    private func stored<Value>(
        _ body: () async throws(StorageError) -> Value
    ) async throws(APIError) -> Value {
        do throws(StorageError) {
            return try await body()
        } catch {
            throw APIError(
                .storeUnavailable, "the control store cannot be used (\(error.code.rawValue))")
        }
    }

    private static func newID() -> String {
        "wh_" + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
