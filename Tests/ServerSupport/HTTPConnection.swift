internal import Foundation

/// One TCP connection to the server, with as much or as little HTTP as a test wants to say.
///
/// Blocking, with a time-out on every read: the server under test is another process.
public final class HTTPConnection {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    let socket: ClientSocket
    private let port: Int

    /// - Parameter receiveBufferBytes: how much the kernel keeps for a reader that does not read.
    public init(port: Int, timeoutSeconds: Int = 30, receiveBufferBytes: Int? = nil) throws {
        self.port = port
        socket = try ClientSocket(port, timeoutSeconds, receiveBufferBytes)
    }

    /// Sends these very bytes.
    public func send(_ bytes: some Collection<UInt8>) throws {
        try socket.send(Array(bytes))
    }

    public func send(_ text: String) throws {
        try socket.send(Array(text.utf8))
    }

    /// The head of a request; further headers may replace Host and the like.
    public func sendHead(
        _ method: String, _ target: String, headers: [String: String] = [:]
    ) throws {
        let all = ["Host": "127.0.0.1:\(port)"].merging(headers) { $1 }
        let lines = all.map { "\($0): \($1)\r\n" }.joined()
        try send("\(method) \(target) HTTP/1.1\r\n\(lines)\r\n")
    }

    /// A whole request with a correct head; further headers may replace Host and the like.
    @discardableResult
    public func request(
        _ method: String, _ target: String, headers: [String: String] = [:],
        body: some Collection<UInt8> = [UInt8]()
    ) throws -> HTTPAnswer {
        var all = headers
        if (!body.isEmpty || method == "POST") && headers["Transfer-Encoding"] == nil {
            all["Content-Length"] = headers["Content-Length"] ?? String(body.count)
        }
        try sendHead(method, target, headers: all)
        try send(body)
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
        let (status, headers) = try readHead()
        let body = hasBody && status != 204 && status != 304 ? try readBody(headers) : []
        return HTTPAnswer(status: status, headers: headers, body: body)
    }

    /// The head of the next answer. Interim answers (100 Continue) are passed over.
    public func readHead() throws -> (status: Int, headers: [String: String]) {
        while true {
            let head = try parse(try socket.take(upTo: "\r\n\r\n"))
            if !(100..<200).contains(head.status) || head.status == 101 { return head }
        }
    }

    /// A part of a body, as it stands on the wire; what has come, or the next that comes.
    /// - Returns: nothing where the peer has closed.
    public func readSome() throws -> [UInt8] {
        if socket.buffered == 0 { _ = try socket.fill() }
        return try socket.take(socket.buffered)
    }

    /// All that comes until the peer closes.
    public func readToEnd() throws -> String {
        while try socket.fill() {}
        return String(decoding: try socket.take(socket.buffered), as: UTF8.self)
    }

    /// Whether the server has closed the connection; waits for it up to the time-out.
    public func isClosedByPeer() -> Bool {
        (try? socket.fill()) == false
    }

    /// Says that nothing more will be sent; answers can still be read.
    public func finishSending() { socket.finishSending() }

    /// Ends the connection as a crashed client's kernel would, without a farewell.
    public func reset() { socket.reset() }

    private func parse(_ head: [UInt8]) throws -> (status: Int, headers: [String: String]) {
        let text = String(decoding: head, as: UTF8.self)
        let lines = text.split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1."),
            let status = first.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw Failure(description: "not HTTP: \(text.prefix(80))") }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw Failure(description: "not a header: \(line)") }
            let value = parts[1].trimmingCharacters(in: .whitespaces)
            headers.merge([parts[0].lowercased(): value]) { "\($0), \($1)" }
        }
        return (status, headers)
    }

    private func readBody(_ headers: [String: String]) throws -> [UInt8] {
        if let length = headers["content-length"].flatMap({ Int($0) }) {
            return try socket.take(length)
        }
        guard headers["transfer-encoding"] == "chunked" else {
            while try socket.fill() {}
            return try socket.take(socket.buffered)
        }
        var body: [UInt8] = []
        while true {
            let line = String(decoding: try socket.take(upTo: "\r\n").dropLast(2), as: UTF8.self)
            guard let size = Int(line, radix: 16), size >= 0 else {
                throw Failure(description: "not a chunk's size: \(line)")
            }
            body += try socket.take(size)
            guard try socket.take(2) == [13, 10] else {
                throw Failure(description: "a chunk without its end")
            }
            if size == 0 { return body }
        }
    }
}
