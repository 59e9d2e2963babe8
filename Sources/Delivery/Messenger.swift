internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import Storage
internal import TimeSeries

/// Makes one request of one message.
struct Messenger: Sendable {
    let limits: DeliveryLimits
    let rules: AddressRules
    let resolver: Resolver
    /// `Tidemark/0.1.0`
    let userAgent: String
    let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - id: `webhook-id`: the same at each attempt.
    ///   - attempt: from 0 on; where a host has several addresses, they take turns.
    func send(
        _ message: Message, id: String, to webhook: WebhookRow, attempt: Int,
        by clients: PinnedClients
    ) async -> AttemptResult {
        do {
            let url = try WebhookURL(webhook.url)
            guard let format = WebhookFormat(rawValue: webhook.format) else {
                return .failed("its format \(webhook.format) is not known to this version")
            }
            let addresses = try await resolve(url)
            if let refusal = rules.refusal(url, addresses) { return .failed(refusal) }
            let time = now()
            let body = message.body(format, webhook: webhook.id, limits: limits, now: time)
            let request = request(url, format, id, time, body, webhook.secrets)
            return await clients.use(url.host, at: addresses[attempt % addresses.count]) { client in
                await answer(to: request, by: client)
            }
        } catch let fault as WebhookURL.Fault {
            return .failed("its url \(fault.message)")
        } catch let failure as Resolver.Failure {
            return .failed(failure.message)
        } catch {
            return .failed("its host cannot be looked up")
        }
    }

    private func resolve(_ url: WebhookURL) async throws -> [IPAddress] {
        if let address = IPAddress(url.host) { return [address] }
        return try await resolver.addresses(url.host)
    }

    private func request(
        _ url: WebhookURL, _ format: WebhookFormat, _ id: String, _ time: Timestamp,
        _ body: [UInt8], _ secrets: [String]
    ) -> HTTPClientRequest {
        let seconds = time.milliseconds / 1_000
        let isAPI = format == .alertmanagerAPI && url.target == "/"
        var request = HTTPClientRequest(url: isAPI ? url.with(path: "/api/v2/alerts") : url.text)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: userAgent)
        request.headers.add(name: "webhook-id", value: id)
        request.headers.add(name: "webhook-timestamp", value: String(seconds))
        let secrets = secrets.compactMap(WebhookSecret.init)
        if !secrets.isEmpty {
            let signature = WebhookSignature.make(
                id: id, seconds: seconds, body: body, secrets: secrets)
            request.headers.add(name: "webhook-signature", value: signature)
        }
        request.body = .bytes(body)
        return request
    }

    private func answer(
        to request: HTTPClientRequest, by client: HTTPClient
    ) async -> AttemptResult {
        let deadline = ContinuousClock.now + .milliseconds(limits.attemptMillisecondsMax)
        do {
            let response = try await client.execute(
                request, timeout: .milliseconds(limits.attemptMillisecondsMax))
            let status = Int(response.status.code)
            let text = await head(
                of: response.body, isOfUse: !(200..<300).contains(status), until: deadline)
            return .answered(
                status: status,
                retryAfter: response.headers.first(name: "Retry-After").flatMap(RetryAfter.init),
                text: text)
        } catch let error as HTTPClientError {
            return .failed(words(error))
        } catch {
            return .failed("no connection: \(error)")
        }
    }

    /// Reads a short body to its end, so that the connection can be used again, and no more of a long one;
    /// nor does it wait for one that does not come.
    private func head(
        of body: HTTPClientResponse.Body, isOfUse: Bool, until deadline: ContinuousClock.Instant
    ) async -> String {
        let bytes = await withTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { await read(body) }
            group.addTask {
                try? await Task.sleep(until: deadline)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        guard isOfUse, let bytes else { return "" }
        let text = String(decoding: bytes.prefix(limits.errorBytesMax), as: UTF8.self)
        let words = text.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) }
        return String(words)
    }

    private func read(_ body: HTTPClientResponse.Body) async -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await piece in body {
                bytes += piece.readableBytesView.prefix(limits.answerBytesMax - bytes.count)
                if bytes.count >= limits.answerBytesMax { break }
            }
        } catch {
            // The status counts; the body is only words.
        }
        return bytes
    }

    private func words(_ error: HTTPClientError) -> String {
        switch error {
        case .deadlineExceeded, .readTimeout:
            "no answer within \(limits.attemptMillisecondsMax) ms"
        case .connectTimeout: "no connection within \(limits.connectMillisecondsMax) ms"
        case .cancelled: "broken off"
        default: "\(error)"
        }
    }
}
