internal import EventFormats
internal import EventLog
internal import HTTPTypes
internal import Hummingbird
internal import Pipeline
internal import Storage
internal import StrictJSON
internal import TimeSeries

/// Every failure that a caller sees has this one shape:
///
///     {"error":{"code":"queue_full","message":"…","details":{…}}}
///
/// Messages say which field and why, and never quote what a sender wrote.
struct APIError: Error, Equatable {
    /// Bounded: also a label for counting.
    enum Code: String, CaseIterable {
        case invalidBody = "invalid_body"
        case invalidEncoding = "invalid_encoding"
        case invalidParameter = "invalid_parameter"
        case unknownParameter = "unknown_parameter"
        case noEventTaken = "no_event_taken"
        case noSampleTaken = "no_sample_taken"
        case partialWrite = "partial_write"
        case tooManyBuckets = "too_many_buckets"
        case foldsBehind = "folds_behind"
        case storeUnavailable = "store_unavailable"
        case verifyRunning = "verify_running"
        case retentionRunning = "retention_running"
        case retentionFailed = "retention_failed"
        case conflict = "conflict"
        case missingHost = "missing_host"
        case hostNotAllowed = "host_not_allowed"
        case originNotAllowed = "origin_not_allowed"
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case notAcceptable = "not_acceptable"
        case upgradeRequired = "upgrade_required"
        case sinceUnknown = "since_unknown"
        case bodyTooLarge = "body_too_large"
        case unsupportedMediaType = "unsupported_media_type"
        case queueFull = "queue_full"
        case noSpace = "no_space"
        case tooManyBytesInFlight = "too_many_bytes_in_flight"
        case tooManyScans = "too_many_scans"
        case logUnavailable = "log_unavailable"
        case shuttingDown = "shutting_down"
        case internalError = "internal_error"

        var status: HTTPResponse.Status {
            switch self {
            case .invalidBody, .invalidEncoding, .invalidParameter, .unknownParameter,
                .noEventTaken, .noSampleTaken, .partialWrite, .missingHost, .sinceUnknown:
                .badRequest
            case .tooManyBuckets: .unprocessableContent
            case .hostNotAllowed, .originNotAllowed: .forbidden
            case .notFound: .notFound
            case .verifyRunning, .retentionRunning, .conflict: .conflict
            case .methodNotAllowed: .methodNotAllowed
            case .notAcceptable: .notAcceptable
            case .upgradeRequired: .upgradeRequired
            case .bodyTooLarge: .contentTooLarge
            case .unsupportedMediaType: .unsupportedMediaType
            case .queueFull, .foldsBehind, .tooManyBytesInFlight, .tooManyScans, .logUnavailable,
                .storeUnavailable, .noSpace, .shuttingDown:
                .serviceUnavailable
            case .internalError, .retentionFailed: .internalServerError
            }
        }
    }

    let status: HTTPResponse.Status
    let code: String
    let message: String
    /// A JSON value.
    var details: [UInt8] = []
    var headers: HTTPFields = [:]
    /// In place of the common shape: `{"error":"…"}`, which the reference's clients print.
    var plainMessage: String?

    init(_ code: Code, _ message: String) {
        self.code = code.rawValue
        self.message = message
        status = code.status
        if status == .serviceUnavailable { headers[.retryAfter] = "1" }
    }

    init(_ status: HTTPResponse.Status, code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// A refused event, alone in its request.
    init(_ fault: EventFault) {
        status = fault.code == .eventTooLarge ? .contentTooLarge : .badRequest
        code = fault.code.rawValue
        message = fault.message
        if let field = fault.field {
            details = Array("{\"field\":".utf8)
            JSONString.encode(field, appendingTo: &details)
            details.append(UInt8(ascii: "}"))
        }
    }

    init(_ refusal: IngestRefusal) {
        switch refusal {
        case .queueFull:
            self.init(.queueFull, "more events wait for the disk than the queue may hold")
        case .foldsBehind:
            self.init(.foldsBehind, "more is stored and not yet counted than may be at once")
        case .noSpace: self = .noSpace
        case .shuttingDown: self.init(.shuttingDown, "the server is shutting down")
        case .logFailed(let error):
            self.init(.logUnavailable, "the event log cannot be written (\(error.code.rawValue))")
        }
    }

    init(_ failure: RetentionFailure) {
        if failure.isBusy {
            self.init(.retentionRunning, failure.description)
        } else {
            self.init(.retentionFailed, "retention failed; the server's own log says why")
        }
    }

    init(_ refusal: EventReader.Refusal) {
        switch refusal {
        case .tooManyScans: self.init(.tooManyScans, "too many questions that read files at once")
        case .failed(let error):
            self.init(.logUnavailable, "the event log cannot be read (\(error.code.rawValue))")
        }
    }

    init(_ refusal: EngineRefusal) {
        switch refusal {
        case .behind: self.init(.foldsBehind, "what was stored last is not counted yet")
        case .tooManyBuckets(let max): self = .tooManyBuckets(max)
        case .failed(let error):
            self.init(.storeUnavailable, "the rollups cannot be read (\(error.code.rawValue))")
        }
    }

    static let noSpace = APIError(
        .noSpace, "less is free on the disk than the retention policy keeps free")

    static func tooManyBuckets(_ max: Int) -> APIError {
        APIError(
            .tooManyBuckets,
            "more than \(max) buckets; ask for a wider interval, fewer series, or CSV")
    }

    /// A parameter with an impossible value.
    static func parameter(_ name: String, _ reason: String) -> APIError {
        var error = APIError(.invalidParameter, "\(name): \(reason)")
        error.details = Array("{\"field\":\"\(name)\"}".utf8)
        return error
    }

    func response(to request: Request) -> Response {
        let status = plainMessage == nil ? status : .badRequest
        let response = Response.json(body, status: status, headers: headers)
        return request.method == .head ? response.createHeadResponse() : response
    }

    var body: [UInt8] {
        if let plainMessage { return Array("{\"error\":\"\(plainMessage)\"}".utf8) }
        var body = Array("{\"error\":{\"code\":".utf8)
        JSONString.encode(code, appendingTo: &body)
        body += Array(",\"message\":".utf8)
        JSONString.encode(message, appendingTo: &body)
        if !details.isEmpty { body += Array(",\"details\":".utf8) + details }
        return body + Array("}}".utf8)
    }
}

extension Response {
    static func json(
        _ body: some Collection<UInt8>, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        bytes(body, type: "application/json", status: status, headers: headers)
    }

    static func bytes(
        _ body: some Collection<UInt8>, type: String, status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        bytes(ByteBuffer(bytes: body), type: type, status: status, headers: headers)
    }

    static func bytes(
        _ body: ByteBuffer, type: String, status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: body))
    }
}
