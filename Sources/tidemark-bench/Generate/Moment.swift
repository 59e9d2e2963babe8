import ArgumentParser

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A time given on the command line: RFC 3339, or `now`.
struct Moment: ExpressibleByArgument, CustomStringConvertible, Sendable {
    let milliseconds: Int64

    var description: String {
        var text = ByteWriter(capacity: 24)
        text.timestamp(milliseconds)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    var defaultValueDescription: String { description }

    init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    init?(argument: String) {
        if argument == "now" { self = .now() } else { self.init(rfc3339: argument) }
    }

    static func now() -> Moment {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    init?(rfc3339 text: String) {
        var rest = Substring(text).utf8
        guard let year = rest.number(4), rest.take("-"), let month = rest.number(2),
            rest.take("-"), let day = rest.number(2), rest.take("T") || rest.take(" "),
            let hour = rest.number(2), rest.take(":"), let minute = rest.number(2),
            rest.take(":"), let second = rest.number(2), (1...12).contains(month)
        else { return nil }
        let fraction = rest.milliseconds()
        guard let offsetMinutes = rest.offsetMinutes(), rest.isEmpty else { return nil }
        let days = CivilDay(year: year, month: month, day: day).daysSinceEpoch
        let seconds = ((days * 24 + hour) * 60 + minute - offsetMinutes) * 60 + second
        milliseconds = Int64(seconds * 1000 + fraction)
    }
}

extension Substring.UTF8View {
    fileprivate mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard first == UInt8(ascii: byte) else { return false }
        removeFirst()
        return true
    }

    fileprivate mutating func number(_ digits: Int) -> Int? {
        let text = prefix(digits)
        guard text.count == digits, text.allSatisfy({ (48...57).contains($0) }) else { return nil }
        removeFirst(digits)
        return text.reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    /// The fraction of a second, if there is one; digits after the third are cut off.
    fileprivate mutating func milliseconds() -> Int {
        guard take(".") else { return 0 }
        var value = 0
        var weight = 100
        while let digit = number(1) {
            value += digit * weight
            weight /= 10
        }
        return value
    }

    fileprivate mutating func offsetMinutes() -> Int? {
        if take("Z") { return 0 }
        let sign = take("-") ? -1 : 1
        guard sign < 0 || take("+"), let hours = number(2), take(":"), let minutes = number(2)
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
