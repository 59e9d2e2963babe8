internal import NIOCore
internal import NIOHTTP1
internal import Pipeline
internal import Streams
internal import WebSocketServer

/// One client of `/stream`: hands what it says to the broadcaster, and writes what waits in its queue.
///
/// As much is written as its socket takes at once; the rest waits in the queue, which is bounded.
final class StreamSession: WebSocketSession, @unchecked Sendable {
    // @unchecked: but for `init` everything is called on the connection's event loop: by the connection, or
    // by the broadcaster, which wakes the queues of a loop on that loop.

    private let api: API
    private var queue: ClientQueue!
    private var connection: WebSocketConnection?
    /// When the events were acknowledged that are written and may not be with the kernel yet.
    private var unwritten: [ContinuousClock.Instant] = []
    private var awaitsKernel = false

    /// - Returns: nil where the request may not have a stream: the router tells why.
    init?(_ head: HTTPRequestHead, _ channel: any Channel, _ api: API, _ doors: DoorRules) {
        guard let format = Self.format(head.uri), let host = head.headers.first(name: "Host"),
            doors.allows(authority: host),
            head.headers["Origin"].allSatisfy({ doors.allows(origin: $0, authority: host) })
        else { return nil }
        self.api = api
        let lane = api.pipeline.streams.lane(of: channel.eventLoop)
        queue = ClientQueue(
            format: format, lane: lane, limits: api.pipeline.streamLimits.queue,
            onReady: { [weak self] in self?.drain() })
    }

    private static func format(_ uri: String) -> FrameFormat? {
        switch uri {
        case "/stream": .webSocket
        case "/stream?dialect=reference": .reference
        default: nil
        }
    }

    func opened(_ connection: WebSocketConnection) {
        self.connection = connection
        api.pipeline.streams.connect(queue)
    }

    func closed() {
        connection = nil
        queue.finish()
        api.pipeline.streams.disconnect(queue)
    }

    func received(_ text: ByteBuffer) {
        // The reference's dashboard says nothing that matters.
        guard queue.format != .reference else { return }
        let isTaken: Bool
        do throws(ClientMessage.Fault) {
            let message = try ClientMessage(
                text.readableBytesUInt8Span, limits: api.pipeline.streamLimits.message)
            isTaken = api.pipeline.streams.handle(message, from: queue)
        } catch {
            isTaken = api.pipeline.streams.refuse(
                StreamFault(.invalidMessage, error.message), to: queue)
        }
        if !isTaken || queue.isOverfull {
            connection?.refuse("more messages than can be answered")
        }
    }

    func becameWritable() { drain() }

    private func drain() {
        guard let connection else { return }
        var hasWritten = false
        while connection.isWritable, let frames = queue.next() {
            connection.write(frames.bytes)
            if let time = frames.acknowledged { unwritten.append(time) }
            hasWritten = true
        }
        guard hasWritten else { return }
        connection.flush()
        if connection.bufferedBytes == 0 {
            noteWritten()
        } else if !awaitsKernel, !unwritten.isEmpty {
            awaitsKernel = true
            connection.whenWritten { [weak self] in
                self?.awaitsKernel = false
                self?.noteWritten()
            }
        }
    }

    private func noteWritten() {
        guard !unwritten.isEmpty else { return }
        let (now, time) = (ContinuousClock.now, api.now())
        for acknowledged in unwritten {
            api.pipeline.telemetry.streamed(after: now - acknowledged, at: time)
        }
        unwritten.removeAll(keepingCapacity: true)
    }
}
