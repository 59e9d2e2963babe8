import NIOCore

/// A request's head but for its length, encoded once.
struct RequestHead {
    private let prefix: ByteBuffer

    init(_ server: ServerAddress, _ load: LineLoad) {
        let encoding = load.compression == .file ? "Content-Encoding: gzip\r\n" : ""
        prefix = ByteBuffer(
            string: """
                POST \(server.path ?? load.path) HTTP/1.1\r
                Host: \(server.authority)\r
                User-Agent: tidemark-bench\r
                Content-Type: \(load.contentType)\r
                \(encoding)Content-Length: \

                """)
    }

    func write(bodyBytes: Int, into buffer: inout ByteBuffer) {
        buffer.writeImmutableBuffer(prefix)
        buffer.writeString(String(bodyBytes))
        buffer.writeStaticString("\r\n\r\n")
    }
}
