internal import Foundation

/// An answer, as it came over the wire.
public struct HTTPAnswer: Sendable {
    public let status: Int
    /// Names in small letters.
    public let headers: [String: String]
    public let body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// One TCP connection to the server, with as much or as little HTTP as a test wants to say.
///
/// Blocking, with a time-out on every read: the server under test is another process.
public final class HTTPConnection {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private let descriptor: Int32
    private let port: Int
    private var buffer: [UInt8] = []

    public init(port: Int, timeoutSeconds: Int = 30) throws {
        self.port = port
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var time = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        guard result == 0 else {
            Glibc.close(descriptor)
            throw Failure(description: "cannot connect to port \(port)")
        }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Sends these very bytes.
    public func send(_ bytes: some Collection<UInt8>) throws {
        var rest = ArraySlice(Array(bytes))
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL.rawValue)) }
            guard sent > 0 else { throw Failure(description: "the connection was closed while sending") }
            rest = rest.dropFirst(sent)
        }
    }

    /// A whole request with a correct head; further headers may replace Host and the like.
    @discardableResult
    public func request(
        _ method: String, _ target: String, headers: [String: String] = [:],
        body: some Collection<UInt8> = [UInt8]()
    ) throws -> HTTPAnswer {
        var all = ["Host": "127.0.0.1:\(port)"]
        if !body.isEmpty || method == "POST" { all["Content-Length"] = String(body.count) }
        all.merge(headers) { $1 }
        let lines = all.map { "\($0): \($1)\r\n" }.joined()
        try send(Array("\(method) \(target) HTTP/1.1\r\n\(lines)\r\n".utf8) + Array(body))
        return try readAnswer(hasBody: method != "HEAD")
    }

    /// `POST` with JSON.
    public func post(
        _ target: String, _ json: String, headers: [String: String] = [:]
    ) throws -> HTTPAnswer {
        try request(
            "POST", target, headers: ["Content-Type": "application/json"].merging(headers) { $1 },
            body: Array(json.utf8))
    }

    /// The next answer, its body by Content-Length, in chunks, or up to the end of the connection.
    public func readAnswer(hasBody: Bool = true) throws -> HTTPAnswer {
        let head = try readHead()
        let lines = head.split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw Failure(description: "not HTTP: \(head.prefix(80))") }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let body = hasBody && status != 204 ? try readBody(headers) : []
        return HTTPAnswer(status: status, headers: headers, body: body)
    }

    /// Whether the server has closed the connection; waits for it up to the time-out.
    public func isClosedByPeer() -> Bool {
        (try? fill()) == false
    }

    private func readHead() throws -> String {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = buffer.firstRange(of: end) {
                let head = String(decoding: buffer[..<range.upperBound], as: UTF8.self)
                buffer.removeSubrange(..<range.upperBound)
                return head
            }
            guard try fill() else { throw Failure(description: "closed before an answer") }
        }
    }

    private func readBody(_ headers: [String: String]) throws -> [UInt8] {
        if let length = headers["content-length"].flatMap({ Int($0) }) { return try take(length) }
        guard headers["transfer-encoding"] == "chunked" else {
            while try fill() {}
            return try take(buffer.count)
        }
        var body: [UInt8] = []
        while true {
            let size = Int(try readLine(), radix: 16) ?? 0
            body += try take(size)
            _ = try readLine()
            if size == 0 { return body }
        }
    }

    private func readLine() throws -> String {
        while true {
            if let range = buffer.firstRange(of: Array("\r\n".utf8)) {
                let line = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<range.upperBound)
                return line
            }
            guard try fill() else { throw Failure(description: "closed within the body") }
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw Failure(description: "closed within the body") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// - Returns: false where the peer has closed.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) {
            throw Failure(description: "timed out")
        }
        guard count > 0 else { return false }
        buffer += chunk[..<count]
        return true
    }
}
