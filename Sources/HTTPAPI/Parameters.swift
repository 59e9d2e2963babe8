internal import Hummingbird
internal import TimeSeries

/// A request's query parameters; a name that the endpoint does not know is an error, not a silence.
struct Parameters {
    private let values: [(name: String, value: String)]

    init(_ request: Request, known: Set<String>) throws(APIError) {
        values = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
            .filter { !$0.0.isEmpty || !$0.1.isEmpty }
        for (name, _) in values where !known.contains(name) {
            let names = known.sorted().joined(separator: ", ")
            throw APIError(
                .unknownParameter,
                known.isEmpty ? "this endpoint has no parameters" : "known parameters are \(names)")
        }
    }

    subscript(name: String) -> String? { values.first { $0.name == name }?.value }

    func all(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }

    func number(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .parameter(
                name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func id(_ name: String) throws(APIError) -> EventID? {
        guard let text = self[name] else { return nil }
        guard let id = UInt64(text) else { throw .parameter(name, "must be an event's id") }
        return EventID(id)
    }

    func time(_ name: String, now: Timestamp) throws(APIError) -> Timestamp? {
        guard let text = self[name] else { return nil }
        guard let time = TimeExpression.parse(text, now: now) else {
            throw .parameter(
                name, "must be RFC 3339, epoch seconds or milliseconds, now, or like -1h")
        }
        return time
    }
}
