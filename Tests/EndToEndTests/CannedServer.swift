import Foundation
import Glibc
import Synchronization

/// Takes connections on a free port of loopback, one after the other, and answers each in the same words,
/// whatever is asked: what no tidemark server would ever say.
final class CannedServer: Sendable {
    struct Failure: Error {}

    let port: Int
    private let descriptor: Int32
    private let answer: String
    private let heads = Mutex<[String]>([])

    /// - Parameter answer: all that is sent before the connection is closed.
    init(_ answer: String) throws {
        self.answer = answer
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        let thread = Thread { [self] in serve() }
        thread.start()
    }

    var url: String { "http://127.0.0.1:\(port)" }
    /// Of the requests so far.
    var requestHeads: [String] { heads.withLock { $0 } }

    /// Ends the thread that takes connections.
    func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func serve() {
        while true {
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else { break }
            let head = Self.head(connection)
            heads.withLock { $0.append(head) }
            let bytes = Array(answer.utf8)
            _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            Glibc.close(connection)
        }
        Glibc.close(descriptor)
    }

    private static func head(_ connection: Int32) -> String {
        var (head, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 4_096))
        while !String(decoding: head, as: UTF8.self).hasSuffix("\r\n\r\n") {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            head += buffer[..<count]
        }
        return String(decoding: head, as: UTF8.self)
    }
}
