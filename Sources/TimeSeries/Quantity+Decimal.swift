extension Quantity {
    /// Reads a number token of JSON's grammar digit by digit, never through a `Double`, and rounds it
    /// half to even.
    public init(
        decimal text: Span<UInt8>, range: Range<Int>, scale: QuantityScale = .millionths
    ) throws(QuantityFault) {
        guard let token = DecimalToken(text, range) else { throw .notANumber }
        self.init(parts: try token.parts(text, digits: scale.digits))
    }

    public init(
        decimal text: String, scale: QuantityScale = .millionths
    ) throws(QuantityFault) {
        let bytes = Array(text.utf8)
        try self.init(decimal: bytes.span, range: 0..<bytes.count, scale: scale)
    }

    /// The shortest exact decimal: `12.5`, `-0.000001`, `100000000000000000000`.
    public func decimal(scale: QuantityScale = .millionths) -> String {
        var bytes: [UInt8] = []
        bytes.append(decimalOf: parts, scale: scale)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Where the parts of a number token stand: `-12.5e3`.
private struct DecimalToken {
    private let isNegative: Bool
    private let whole: Range<Int>
    private var fraction: Range<Int>
    private var exponent = 0

    /// - Returns: nil where the text is no number of JSON's grammar.
    init?(_ text: Span<UInt8>, _ range: Range<Int>) {
        var reader = DigitReader(position: range.lowerBound, end: range.upperBound)
        isNegative = reader.take("-", text)
        guard let whole = reader.takeDigits(text) else { return nil }
        guard whole.count == 1 || text[whole.lowerBound] != UInt8(ascii: "0") else { return nil }
        self.whole = whole
        fraction = whole.upperBound..<whole.upperBound
        if reader.take(".", text) {
            guard let digits = reader.takeDigits(text) else { return nil }
            fraction = digits
        }
        if reader.take("e", text) || reader.take("E", text) {
            let isBelowOne = reader.take("-", text)
            if !isBelowOne { _ = reader.take("+", text) }
            guard let digits = reader.takeDigits(text) else { return nil }
            exponent = Self.saturated(text, digits) * (isBelowOne ? -1 : 1)
        }
        guard reader.position == range.upperBound else { return nil }
    }

    /// An exponent so large that no text is long enough to make up for it.
    private static let exponentMax = 1_000_000_000_000_000_000

    private static func saturated(_ text: Span<UInt8>, _ digits: Range<Int>) -> Int {
        var value = 0
        for position in digits {
            value = value * 10 + Int(text[position] - UInt8(ascii: "0"))
            if value > exponentMax / 10 { return exponentMax }
        }
        return value
    }

    func parts(_ text: Span<UInt8>, digits: Int) throws(QuantityFault) -> Int128 {
        let total = whole.count + fraction.count
        // So many digits, from the token's first on, make up the whole parts.
        let kept = whole.count + exponent + digits
        guard kept >= 0 else { return 0 }
        var value: Int128 = 0
        for place in 0..<min(kept, total) {
            value = try Self.appending(digit(text, place), to: value)
        }
        if value != 0, kept > total {
            for _ in total..<kept { value = try Self.appending(0, to: value) }
        }
        if roundsUp(text, kept, isOdd: value & 1 == 1) { value += 1 }
        guard value <= Quantity.magnitudeMax else { throw .outOfRange }
        return isNegative ? -value : value
    }

    @inline(__always)
    private static func appending(
        _ digit: UInt8, to value: Int128
    ) throws(QuantityFault) -> Int128 {
        let next = value * 10 + Int128(digit)
        guard next <= Quantity.magnitudeMax else { throw .outOfRange }
        return next
    }

    /// Whether the digits from a place on are more than half a part, or half of one beside an odd value.
    private func roundsUp(_ text: Span<UInt8>, _ place: Int, isOdd: Bool) -> Bool {
        let total = whole.count + fraction.count
        guard place < total else { return false }
        let first = digit(text, place)
        guard first == 5 else { return first > 5 }
        return isOdd || (place + 1..<total).contains { digit(text, $0) != 0 }
    }

    @inline(__always)
    private func digit(_ text: Span<UInt8>, _ place: Int) -> UInt8 {
        let position =
            place < whole.count
            ? whole.lowerBound + place : fraction.lowerBound + place - whole.count
        return text[position] - UInt8(ascii: "0")
    }
}

private struct DigitReader {
    var position: Int
    let end: Int

    mutating func take(_ letter: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard position < end, text[position] == UInt8(ascii: letter) else { return false }
        position += 1
        return true
    }

    /// - Returns: nil where there are none.
    mutating func takeDigits(_ text: Span<UInt8>) -> Range<Int>? {
        let start = position
        while position < end, text[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        return start < position ? start..<position : nil
    }
}
