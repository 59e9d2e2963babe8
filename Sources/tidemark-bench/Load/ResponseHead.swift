/// What a load generator needs of a response's head: how it went, and where the body ends.
struct ResponseHead {
    /// How the body's end is found. One that ends with the connection is not taken: the next
    /// request needs the connection.
    enum Body {
        case length(Int)
        case chunked
    }

    var status = 0
    var body: Body?
    var closesConnection = false
    var isDuplicate = false

    var isSuccess: Bool { (200..<300).contains(status) }

    /// 1xx: the real answer is still to come.
    var isInterim: Bool { (100..<200).contains(status) }

    /// - Parameter text: the status line and the header lines, up to and with the empty line.
    init?(_ text: UnsafeRawBufferPointer) {
        var rest = text[...]
        guard let status = Self.status(rest.popLine()) else { return nil }
        self.status = status
        if isInterim || status == 204 || status == 304 { body = .length(0) }
        while !rest.isEmpty { takeHeader(rest.popLine()) }
        if body == nil { return nil }
    }

    /// `HTTP/1.1 200 OK` → 200.
    private static func status(_ line: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard line.starts(with: "HTTP/1.".utf8) else { return nil }
        let digits = line.dropFirst(9).prefix(3)
        return digits.count == 3 ? Self.decimal(digits) : nil
    }

    private mutating func takeHeader(_ line: Slice<UnsafeRawBufferPointer>) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = line[..<colon]
        let value = line[(colon + 1)...].trimmed
        switch name.count {
        case 10 where name.isEqual("connection"):
            closesConnection = value.isEqual("close")
        case 14 where name.isEqual("content-length"):
            if body == nil { body = Self.decimal(value).map(Body.length) }
        case 17 where name.isEqual("transfer-encoding"):
            if value.isEqual("chunked") { body = .chunked }
        case 18 where name.isEqual("tidemark-duplicate"):
            isDuplicate = value.isEqual("true")
        default: break
        }
    }

    static func decimal(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var value = 0
        for digit in digits {
            guard (48...57).contains(digit) else { return nil }
            value = value * 10 + Int(digit) - 48
        }
        return value
    }
}

extension Slice<UnsafeRawBufferPointer> {
    /// Takes the first line off, with its end.
    fileprivate mutating func popLine() -> Self {
        let end = firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? endIndex
        defer { self = self[end...] }
        return self[..<end]
    }

    fileprivate var trimmed: Self {
        var rest = self
        while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }
        return rest
    }

    /// Compares ASCII letters in either case with `text`, which is in lower case.
    fileprivate func isEqual(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let other = UnsafeBufferPointer(start: text.utf8Start, count: count)
        return zip(self, other).allSatisfy { ($0 | ($0 >= 65 && $0 <= 90 ? 0x20 : 0)) == $1 }
    }
}
