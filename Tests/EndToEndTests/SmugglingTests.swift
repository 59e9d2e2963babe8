import Foundation
import ServerSupport
import Testing

@Suite(.server()) struct `A request that two servers could read in two ways` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    struct Shape: Sendable, CustomTestStringConvertible {
        let name: String
        /// `HEAD` stands for a good start of a request, `BODY` for a good event, `LENGTH` for its
        /// length and `HEX` for the same in hexadecimal.
        let text: String
        var testDescription: String { name }

        init(_ name: String, _ text: String) {
            (self.name, self.text) = (name, text)
        }
    }

    private static let chunk = "HEX\r\nBODY\r\n0\r\n\r\n"
    private static let chunked = "HEAD\r\nTransfer-Encoding: chunked\r\n"
    private static let measured = "\r\nContent-Length: LENGTH\r\n\r\nBODY"

    static let shapes = lengths + codings + lines

    private static let lengths = [
        Shape("both", chunked + "Content-Length: LENGTH\r\n\r\n" + chunk),
        Shape(
            "both, turned",
            "HEAD\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk),
        Shape("two lengths", "HEAD\r\nContent-Length: 3" + measured),
        Shape("a list of lengths", "HEAD\r\nContent-Length: LENGTH, 3\r\n\r\nBODY"),
        Shape("a negative length", "HEAD\r\nContent-Length: -1\r\n\r\nBODY"),
        Shape("a signed length", "HEAD\r\nContent-Length: +LENGTH\r\n\r\nBODY"),
        Shape("a hexadecimal length", "HEAD\r\nContent-Length: 0xHEX\r\n\r\nBODY"),
        Shape("a length beyond all", "HEAD\r\nContent-Length: 99999999999999999999\r\n\r\nBODY"),
    ]

    private static let codings = [
        Shape("no chunk's size", chunked + "\r\nzz\r\nBODY\r\n0\r\n\r\n"),
        Shape("a negative chunk", chunked + "\r\n-HEX\r\nBODY\r\n0\r\n\r\n"),
        Shape("a chunk 0x", chunked + "\r\n0xHEX\r\nBODY\r\n0\r\n\r\n"),
        Shape("a chunk beyond all", chunked + "\r\nffffffffffffffffff\r\nBODY\r\n0\r\n\r\n"),
        Shape("a chunk without its end", chunked + "\r\nHEX\r\nBODYxx0\r\n\r\n"),
        Shape("an unknown coding", "HEAD\r\nTransfer-Encoding: xchunked\r\n\r\n" + chunk),
        Shape("chunked not last", "HEAD\r\nTransfer-Encoding: chunked, gzip\r\n\r\n" + chunk),
        Shape("two codings", chunked + "Transfer-Encoding: identity\r\n\r\n" + chunk),
        Shape("space before a colon", "HEAD\r\nTransfer-Encoding : chunked\r\n\r\n" + chunk),
        Shape("a folded field", "HEAD\r\nX: a\r\n Transfer-Encoding: chunked\r\n\r\n" + chunk),
    ]

    private static let lines = [
        Shape(
            "line feeds", "POST /events HTTP/1.1\nHost: localhost\nContent-Length: LENGTH\n\nBODY"),
        Shape("one line feed", "HEAD\nContent-Length: LENGTH\r\n\r\nBODY"),
        Shape("a carriage return", "HEAD\rContent-Length: LENGTH\r\n\r\nBODY"),
        Shape("a zero byte", "HEAD\r\nX: a\0b" + measured),
        Shape("garbage before", "xyz\r\nHEAD" + measured),
        Shape("spaces before", "  HEAD" + measured),
        Shape("an unknown method", "POSTS /events HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        Shape("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Shape("HTTP/1.2", "POST /events HTTP/1.2\r\nHost: localhost" + measured),
        Shape("HTTP/0.9", "GET /events\r\n"),
        Shape("TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{7c}\u{3}\u{3}\r\n\r\n"),
    ]

    private func bytes(_ shape: Shape, _ app: String) -> String {
        let body = SampleEvent(app).json
        return shape.text
            .replacing("HEAD", with: "POST /events HTTP/1.1\r\nHost: localhost")
            .replacing("LENGTH", with: String(body.utf8.count))
            .replacing("HEX", with: String(body.utf8.count, radix: 16))
            .replacing("BODY", with: body)
    }

    @Test(arguments: shapes)
    func `is answered 400, its connection closed, and nothing is taken`(shape: Shape) throws {
        let app = SampleEvent.newApp()
        let connection = try server.connect()
        try connection.send(bytes(shape, app))
        // Whatever stands behind it must not be read as a request.
        try? connection.send(
            "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(SampleEvent(app).json.utf8.count)\r\n\r\n"
                + SampleEvent(app).json)
        let answer = (try? connection.readToEnd()) ?? ""
        #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "))
        #expect(answer.components(separatedBy: "HTTP/1.1 ").count <= 2)
        #expect(try server.count(ofApp: app) == 0)
    }

    @Test func `may have empty lines before it, as old clients send them`() throws {
        let connection = try server.connect()
        try connection.send("\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try connection.readAnswer().status == 200)
    }

    @Test func `may have a body where it needs none`() throws {
        let connection = try server.connect()
        let answer = try connection.request("GET", "/healthz", body: Array("hello".utf8))
        #expect(answer.status == 200)
        #expect(try connection.request("GET", "/version").status == 200)
    }
}
