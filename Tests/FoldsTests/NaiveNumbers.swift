import Foundation

/// A line as Foundation reads it. Numbers keep their digits: each becomes `{"#":"12.5"}`.
enum NaiveJSON {
    static func object(_ line: String) -> [String: Any] {
        let object = try? JSONSerialization.jsonObject(with: withQuotedNumbers(line))
        return object as? [String: Any] ?? [:]
    }

    private static func withQuotedNumbers(_ line: String) -> Data {
        var output: [UInt8] = []
        var (isInString, isEscaped, isInNumber) = (false, false, false)
        for byte in line.utf8 {
            let isFirst = byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte)
            if isInNumber, !isFirst, !"+.eE".utf8.contains(byte) {
                output += "\"}".utf8
                isInNumber = false
            } else if !isInString, !isInNumber, isFirst {
                output += "{\"#\":\"".utf8
                isInNumber = true
            }
            if byte == UInt8(ascii: "\""), !isEscaped { isInString.toggle() }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            output.append(byte)
        }
        return Data(output)
    }

    static func token(_ value: Any?) -> String? { (value as? [String: Any])?["#"] as? String }

    static func integer(_ value: Any?) -> Int? { token(value).flatMap { Int($0) } }
}

/// Numbers as one learns them at school: by their digits.
enum NaiveNumber {
    /// A sample in parts: nil where it is no number, or too large.
    static func parts(_ value: Any?, _ digits: Int) -> Int128? {
        let parts = sum(value, digits)
        return parts.map { $0.magnitude } ?? 0 > 100_000_000_000_000_000_000_000_000 ? nil : parts
    }

    /// Rounded half to even. No number of a test has a thousand digits.
    static func sum(_ value: Any?, _ digits: Int) -> Int128? {
        guard let token = NaiveJSON.token(value) else { return nil }
        let (whole, fraction, exponent) = split(token)
        let figures = whole + fraction
        let place = whole.count + exponent + digits
        guard place >= 0, figures.contains(where: { $0 != "0" }) else { return 0 }
        let padded = figures + String(repeating: "0", count: max(0, place - figures.count))
        guard var parts = Int128("0" + padded.prefix(place)) else { return nil }
        var rest = padded.dropFirst(place)
        while rest.last == "0" { rest.removeLast() }
        if rest > "5" || rest == "5" && parts % 2 == 1 { parts += 1 }
        return token.hasPrefix("-") ? -parts : parts
    }

    private static func split(_ token: String) -> (whole: String, fraction: String, exponent: Int) {
        let halves = token.lowercased().split(separator: "e")
        let digits = halves[0].drop { $0 == "-" }.split(separator: ".").map(String.init)
        let fraction = digits.count == 2 ? digits[1] : ""
        guard halves.count == 2 else { return (digits[0], fraction, 0) }
        let exponent = Int(halves[1]) ?? (halves[1].hasPrefix("-") ? -1_000 : 1_000)
        return (digits[0], fraction, max(-1_000, min(1_000, exponent)))
    }

    static func roundedDown(_ value: Int, to step: Int) -> Int {
        value - (value % step + step) % step
    }
}

/// `2025-01-31T10:30:00.003Z` in milliseconds since 1970, year by year.
enum NaiveTime {
    static func milliseconds(_ value: Any?) -> Int {
        let text = value as? String ?? ""
        let fields = text.split { !"0123456789".contains($0) }.compactMap { Int($0) }
        guard fields.count == 7 else { return 0 }
        let days = days(before: fields[0], month: fields[1]) + fields[2] - 1
        let seconds = ((days * 24 + fields[3]) * 60 + fields[4]) * 60 + fields[5]
        return seconds * 1_000 + fields[6]
    }

    private static func days(before year: Int, month: Int) -> Int {
        var days = 0
        for other in min(year, 1970)..<max(year, 1970) { days += isLeap(other) ? 366 : 365 }
        if year < 1970 { days = -days }
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return days + lengths.prefix(month - 1).reduce(0, +)
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}
