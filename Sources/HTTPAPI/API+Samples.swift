internal import Catalogue
internal import HTTPTypes
internal import Hummingbird
internal import Pipeline
internal import StrictJSON

/// `POST /metrics` and `POST /write`: samples of metrics.
extension API {
    @Sendable func postMetrics(_ request: Request, _ context: Context) async throws -> Response {
        _ = try Parameters(request, known: [])
        var decoder = SampleDecoder(
            limits: sampleLimits, metrics: await engine.metricTable, now: now())
        var ingest = SampleIngest(pipeline.queue, inFlight)
        switch try BodyKind(request.headers[.contentType]) {
        case .lines:
            try await ingest.run(try BodyReader(request)) { bytes, isEnd, lines in
                decoder.decode(ndjson: bytes, isEnd: isEnd, into: &lines)
            }
        case .json:
            var reader = try BodyReader(request)
            let body = try await reader.collect(bytesMax: limits.jsonBodyBytesMax, inFlight)
            var lines = SampleLines()
            do throws(SampleFault) {
                try decoder.decode(body: body.readableBytesUInt8Span, into: &lines)
            } catch {
                throw APIError(error)
            }
            try await ingest.run(lines)
        }
        return try answer(decoder.verdicts)
    }

    /// Line protocol. Where lines were refused the others are stored all the same, and the answer is 400,
    /// as InfluxDB's own is.
    @Sendable func postWrite(_ request: Request, _ context: Context) async throws -> Response {
        // What Telegraf and InfluxDB's clients say of a database means nothing here.
        let parameters = try Parameters(
            request, known: ["precision", "db", "rp", "consistency", "bucket", "org", "u", "p"])
        guard let precision = InfluxPrecision(name: parameters["precision"] ?? "ns") else {
            throw APIError.parameter("precision", "must be one of ns, u, us, ms, s, m, h")
        }
        var decoder = InfluxLineDecoder(
            limits: sampleLimits, metrics: await engine.metricTable, now: now(),
            precision: precision)
        var ingest = SampleIngest(pipeline.queue, inFlight)
        try await ingest.run(try BodyReader(request)) { bytes, isEnd, lines in
            decoder.decode(bytes, isEnd: isEnd, into: &lines)
        }
        guard decoder.verdicts.rejectedCount == 0 else {
            throw APIError(
                decoder.verdicts, .partialWrite, "lines were refused; the others are stored")
        }
        return Response(status: .noContent)
    }

    /// One that is refused alone is answered by its own fault.
    private func answer(_ verdicts: SampleVerdicts) throws(APIError) -> Response {
        if verdicts.accepted == 0, verdicts.rejectedCount == 1, let fault = verdicts.rejected.first
        {
            throw APIError(fault)
        }
        guard verdicts.accepted > 0 || verdicts.rejectedCount == 0 else {
            throw APIError(verdicts, .noSampleTaken, "none of the samples could be taken")
        }
        return .json(verdicts.json)
    }
}

extension APIError {
    init(_ fault: SampleFault) {
        self.init(fault.code.status, code: fault.code.rawValue, fault.message)
        if let field = fault.field {
            details = Array("{\"field\":".utf8)
            JSONString.encode(field, appendingTo: &details)
            details.append(UInt8(ascii: "}"))
        }
    }

    fileprivate init(_ verdicts: SampleVerdicts, _ code: Code, _ message: String) {
        self.init(code, message)
        details = verdicts.json
    }
}

extension SampleFault.Code {
    fileprivate var status: HTTPResponse.Status {
        switch self {
        case .kindConflict: .conflict
        case .lineTooLong: .contentTooLarge
        case .tooManyMetrics: .unprocessableContent
        default: .badRequest
        }
    }
}

extension SampleVerdicts {
    /// `{"accepted":2,"rejected_count":1,"rejected":[{"index":1,"code":"…","message":"…"}]}`
    fileprivate var json: [UInt8] {
        var json = Array("{\"accepted\":\(accepted),\"rejected_count\":\(rejectedCount),".utf8)
        if skippedStrings > 0 { json += Array("\"skipped_strings\":\(skippedStrings),".utf8) }
        json += Array("\"rejected\":[".utf8)
        for (place, fault) in rejected.enumerated() {
            if place > 0 { json.append(UInt8(ascii: ",")) }
            json += Array("{".utf8)
            if let index = fault.index { json += Array("\"index\":\(index),".utf8) }
            if let line = fault.line { json += Array("\"line\":\(line),".utf8) }
            json += Array("\"code\":\"\(fault.code.rawValue)\",\"message\":".utf8)
            JSONString.encode(fault.message, appendingTo: &json)
            json.append(UInt8(ascii: "}"))
        }
        return json + Array("]}".utf8)
    }
}
