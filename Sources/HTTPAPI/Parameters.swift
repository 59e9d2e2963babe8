internal import Foundation
internal import Hummingbird
internal import TimeSeries

/// A request's query parameters, as forms write them: `+` is a space.
///
/// A name that the endpoint does not know is an error, not a silence; so is one that is given twice where
/// it can be meant once only, and a value that is no text.
struct Parameters {
    private let values: [(name: String, value: String)]

    /// - Parameters:
    ///   - known: all names that the endpoint has.
    ///   - repeatable: those of them that may be given more than once.
    ///   - prefix: what further names begin with; they may be repeated.
    init(
        _ request: Request, known: Set<String>, repeatable: Set<String> = [],
        prefix: String? = nil
    ) throws(APIError) {
        var values: [(name: String, value: String)] = []
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let (name, value) = Self.parts(pair)
            guard let name else { throw Self.unknown(known) }
            let isPrefixed = prefix.map { name.hasPrefix($0) && name != $0 } ?? false
            guard isPrefixed || known.contains(name) else { throw Self.unknown(known) }
            guard let value else { throw .parameter(name, "must be percent-encoded UTF-8") }
            guard
                isPrefixed || repeatable.contains(name)
                    || !values.contains(where: { $0.name == name })
            else {
                throw .parameter(name, "may be given once")
            }
            values.append((name, value))
        }
        self.values = values
    }

    subscript(name: String) -> String? { values.first { $0.name == name }?.value }

    func all(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }

    /// The parameters whose names begin so, without that beginning.
    func prefixed(_ prefix: String) -> [(name: String, value: String)] {
        values.filter { $0.name.hasPrefix(prefix) }
            .map { (String($0.name.dropFirst(prefix.count)), $0.value) }
    }

    private static func parts(_ pair: Substring) -> (name: String?, value: String?) {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (decode(parts[0]), parts.count > 1 ? decode(parts[1]) : "")
    }

    private static func decode(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }

    private static func unknown(_ known: Set<String>) -> APIError {
        let names = known.sorted().joined(separator: ", ")
        return APIError(
            .unknownParameter,
            known.isEmpty ? "this endpoint has no parameters" : "known parameters are \(names)")
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Self.digits(text).flatMap({ Int($0) }), range.contains(number) else {
            throw .parameter(
                name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func id(_ name: String) throws(APIError) -> EventID? {
        guard let text = self[name] else { return nil }
        return try Self.id(name, text)
    }

    /// - Parameter name: what holds the text, a parameter or a part of the path.
    static func id(_ name: String, _ text: String) throws(APIError) -> EventID {
        guard let id = digits(text).flatMap({ UInt64($0) }) else {
            throw .parameter(name, "must be an event's id")
        }
        return EventID(id)
    }

    /// The text, where it begins with a digit: Swift would take a plus sign too.
    private static func digits(_ text: String) -> String? {
        text.utf8.first.map { $0 >= UInt8(ascii: "0") } == true ? text : nil
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
