internal import Foundation

/// A blocking socket to a port of loopback, with what was received and not yet taken.
final class ClientSocket {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 65_536)

    init(_ port: Int, _ timeoutSeconds: Int, _ receiveBufferBytes: Int?) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if let receiveBufferBytes { set(SO_RCVBUF, Int32(receiveBufferBytes)) }
        set(SO_RCVTIMEO, timeval(tv_sec: timeoutSeconds, tv_usec: 0))
        set(SO_SNDTIMEO, timeval(tv_sec: timeoutSeconds, tv_usec: 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            throw HTTPConnection.Failure(description: "cannot connect to port \(port)")
        }
    }

    deinit {
        close(descriptor)
    }

    var buffered: Int { buffer.count }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { pointer in
                Glibc.send(
                    descriptor, pointer.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) {
                throw HTTPConnection.Failure(description: "timed out while sending")
            }
            guard count > 0 else {
                throw HTTPConnection.Failure(
                    description: "the connection was closed while sending")
            }
            sent += count
        }
    }

    /// Receives more.
    /// - Returns: false where the peer has closed.
    func fill() throws -> Bool {
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) {
            throw HTTPConnection.Failure(description: "timed out")
        }
        guard count > 0 else { return false }
        buffer += chunk[..<count]
        return true
    }

    func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else {
                throw HTTPConnection.Failure(description: "closed within an answer")
            }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// All up to this mark, and the mark.
    func take(upTo mark: String) throws -> [UInt8] {
        let mark = Array(mark.utf8)
        var from = 0
        while true {
            var index = from
            while index + mark.count <= buffer.count {
                if buffer[index] == mark[0], Array(buffer[index..<index + mark.count]) == mark {
                    return try take(index + mark.count)
                }
                index += 1
            }
            from = index
            guard try fill() else {
                throw HTTPConnection.Failure(
                    description: buffer.isEmpty ? "closed before an answer" : "closed within one")
            }
        }
    }

    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    func reset() {
        set(SO_LINGER, linger(l_onoff: 1, l_linger: 0))
        // The number stays taken until `deinit`, so that it cannot come to mean another file.
        let nowhere = open("/dev/null", O_RDWR)
        dup2(nowhere, descriptor)
        close(nowhere)
    }

    private func set<Value: BitwiseCopyable>(_ option: Int32, _ value: Value) {
        var value = value
        setsockopt(descriptor, SOL_SOCKET, option, &value, socklen_t(MemoryLayout<Value>.size))
    }
}
