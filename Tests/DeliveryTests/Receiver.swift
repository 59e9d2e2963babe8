import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// What a receiver was sent.
struct Received: Sendable {
    var target: String
    var headers: [String: String]
    var body: [UInt8]

    var id: String { headers["webhook-id"] ?? "" }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// How it behaves.
enum Reply: Sendable {
    case status(Int, headers: [String: String] = [:], body: String = "")
    case raw(String)
    /// A head, then a byte of the body now and then, for ever.
    case drip
    case never
    case hangUp

    static let ok = Reply.status(200)
}

/// A real HTTP server on loopback that notes what comes and answers as it is told.
final class Receiver: Sendable {
    private struct State {
        var received: [Received] = []
        var connections = 0
    }

    let port: Int
    private let channel: any Channel
    private let state: Log

    fileprivate final class Log: Sendable {
        let state = Mutex<([Received], Int)>(([], 0))
    }

    var url: String { "http://127.0.0.1:\(port)/hook" }
    var host: String { "127.0.0.1:\(port)" }
    var received: [Received] { state.state.withLock { $0.0 } }
    var ids: [String] { received.map(\.id) }
    var connections: Int { state.state.withLock { $0.1 } }

    /// - Parameter reply: is given the request, and how many came before it.
    init(
        host: String = "127.0.0.1", _ reply: @escaping @Sendable (Received, Int) -> Reply
    ) async throws {
        let log = Log()
        state = log
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    log.state.withLock { $0.1 += 1 }
                    try channel.pipeline.syncOperations.addHandler(
                        ReceiverHandler(log: log, reply: reply))
                }
            }
            .bind(host: host, port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    convenience init(_ replies: [Reply]) async throws {
        try await self.init { _, count in replies[min(count, replies.count - 1)] }
    }

    func close() async throws { try await channel.close() }
}

private final class ReceiverHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let log: Receiver.Log
    private let reply: @Sendable (Received, Int) -> Reply
    private var bytes: [UInt8] = []

    init(log: Receiver.Log, reply: @escaping @Sendable (Received, Int) -> Reply) {
        self.log = log
        self.reply = reply
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += Self.unwrapInboundIn(data).readableBytesView
        while let request = takeRequest() {
            let count = log.state.withLock { state in
                state.0.append(request)
                return state.0.count - 1
            }
            answer(reply(request, count), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func takeRequest() -> Received? {
        let end = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4,
            let place = (0...(bytes.count - 4)).first(where: {
                bytes[$0..<($0 + 4)].elementsEqual(end)
            })
        else { return nil }
        let lines = String(decoding: bytes[..<place], as: UTF8.self)
            .components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard bytes.count >= place + 4 + length else { return nil }
        let body = Array(bytes[(place + 4)..<(place + 4 + length)])
        bytes.removeFirst(place + 4 + length)
        return Received(
            target: String(lines[0].split(separator: " ")[1]), headers: headers, body: body)
    }

    private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
        switch reply {
        case .status(let status, let headers, let body):
            let lines = headers.map { "\($0): \($1)\r\n" }.joined()
            write(
                "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(lines)\r\n\(body)",
                context)
        case .raw(let text):
            write(text, context)
            context.close(promise: nil)
        case .drip:
            write("HTTP/1.1 500 X\r\nContent-Length: 1000000\r\n\r\n", context)
            drip(context)
        case .never: break
        case .hangUp: context.close(promise: nil)
        }
    }

    private func drip(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        write("x", context)
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(20)) {
            self.drip(context)
        }
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(
            Self.wrapOutboundOut(context.channel.allocator.buffer(string: text)), promise: nil)
    }
}
