internal import HTTPTypes
internal import Logging
internal import Hummingbird
internal import NIOCore
internal import NIOHTTP1

/// Who may come in: checked on every request before anything else, since a page from anywhere can make
/// a browser talk to loopback (DNS rebinding, cross-site posts).
public struct DoorRules: Sendable {
    /// Names under which the server may be addressed, without port.
    public var hosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"]
    /// Origins beside the server's own whose pages may read and write: `http://localhost:5173`.
    public var origins: Set<String> = []

    public init() {}

    func allows(authority: String) -> Bool {
        hosts.contains(Self.withoutPort(authority.lowercased()))
    }

    /// The origin is the server's own, or one that was named.
    func allows(origin: String, authority: String?) -> Bool {
        let own = authority.map { "http://\($0.lowercased())" }
        return origin.lowercased() == own || origins.contains(origin)
    }

    private static func withoutPort(_ authority: String) -> String {
        if authority.hasPrefix("[") {
            return authority.firstIndex(of: "]").map { String(authority[...$0]) } ?? authority
        }
        return authority.firstIndex(of: ":").map { String(authority[..<$0]) } ?? authority
    }
}

/// Checks Host and Origin, answers preflights, and gives every failure its one shape.
struct Doorkeeper<Inner: HTTPResponder>: HTTPResponder {
    typealias Context = Inner.Context

    let rules: DoorRules
    let logger: Logger
    let inner: Inner

    func respond(to request: Request, context: Context) async throws -> Response {
        do {
            try checkHost(request)
            let origin = try allowedOrigin(request)
            guard request.method != .options else { return preflight(origin) }
            var response = try await answer(request, context)
            addCORS(origin, to: &response.headers)
            return response
        } catch let error as APIError {
            return error.response(to: request)
        }
    }

    private func answer(_ request: Request, _ context: Context) async throws -> Response {
        do {
            let response = try await inner.respond(to: Self.routable(request), context: context)
            // The router's own; the endpoints throw theirs.
            guard response.status != .notFound else {
                throw APIError(.notFound, "there is nothing here; see /openapi.yaml")
            }
            return response
        } catch let error as APIError {
            return error.response(to: request)
        } catch let error as HTTPParserError {
            throw error
        } catch let error where error is IOError || error is ChannelError {
            // The client went away; nobody would hear an answer.
            throw error
        } catch {
            logger.error("request failed", metadata: ["error": "\(error)"])
            return APIError(.internalError, "the server failed; its log says why").response(
                to: request)
        }
    }

    /// The router takes a path with a method that it has never heard of for one that there is not.
    private static func routable(_ request: Request) -> Request {
        guard !API.methods.contains(request.method), request.method != .head else { return request }
        var head = request.head
        head.method = API.unusedMethod
        return Request(head: head, body: request.body)
    }

    private func checkHost(_ request: Request) throws {
        guard let authority = request.head.authority, !authority.isEmpty else {
            throw APIError(.missingHost, "exactly one Host header is required")
        }
        guard rules.allows(authority: authority) else {
            throw APIError(
                .hostNotAllowed,
                "this Host is not served; address the server as localhost, "
                    + "or add the name with --allow-host")
        }
    }

    /// - Returns: the origin to be told that it may read the answer; nil where there is none.
    private func allowedOrigin(_ request: Request) throws -> String? {
        guard let origin = request.headers[.origin] else { return nil }
        if rules.allows(origin: origin, authority: request.head.authority) { return origin }
        throw APIError(
            .originNotAllowed,
            "pages of this origin may not use this server; "
                + "add the origin with --allow-origin")
    }

    private func preflight(_ origin: String?) -> Response {
        var response = Response(status: .noContent)
        addCORS(origin, to: &response.headers)
        guard origin != nil else { return response }
        response.headers[.accessControlAllowMethods] = "GET, POST, DELETE, OPTIONS"
        response.headers[.accessControlAllowHeaders] = "Content-Type, Content-Encoding"
        response.headers[.accessControlMaxAge] = "600"
        return response
    }

    private func addCORS(_ origin: String?, to headers: inout HTTPFields) {
        guard let origin else { return }
        headers[.accessControlAllowOrigin] = origin
        headers[.vary] = "Origin"
    }
}
