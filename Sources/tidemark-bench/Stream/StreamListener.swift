import NIOCore

/// One client of `/stream`: reads frames, and finds in them just what is measured.
final class StreamListener: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase { case handshake, frames }

    private let run: StreamRun
    let isStalled: Bool
    let subscribed: EventLoopPromise<Void>
    private(set) var events = 0
    private(set) var doubled = 0
    private(set) var dropped = 0
    private(set) var metricFrames = 0
    private var lastID = 0
    private var phase = Phase.handshake
    private var buffer = ByteBuffer()
    private var context: ChannelHandlerContext?

    init(_ run: StreamRun, isStalled: Bool) {
        self.run = run
        self.isStalled = isStalled
        subscribed = run.makePromise()
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        var bytes = ByteBuffer()
        bytes.writeString(
            "GET /stream HTTP/1.1\r\nHost: \(run.plan.server.authority)\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        subscribed.fail(ChannelError.eof)
    }

    func close() { context?.close(promise: nil) }

    func stall(_ isStalled: Bool) {
        _ = context?.channel.setOption(.autoRead, value: !isStalled)
        if !isStalled { context?.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeBuffer(&bytes) }
        if phase == .handshake, !finishHandshake(context) { return }
        let now = NIODeadline.now()
        while readFrame(context, at: now) {}
        if buffer.readableBytes == 0 { buffer = ByteBuffer() } else { buffer.discardReadBytes() }
    }

    private func finishHandshake(_ context: ChannelHandlerContext) -> Bool {
        let text = String(buffer: buffer)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
        guard text.hasPrefix("HTTP/1.1 101") else {
            subscribed.fail(ChannelError.eof)
            context.close(promise: nil)
            return false
        }
        buffer.moveReaderIndex(forwardBy: text[..<end.upperBound].utf8.count)
        phase = .frames
        let streams = run.plan.metrics ? "[\"event\",\"metric\"]" : "[\"event\"]"
        send(
            opcode: 1,
            ByteBuffer(
                string: "{\"action\":\"subscribe\",\"id\":\"main\",\"streams\":\(streams)}"),
            context)
        return true
    }

    /// - Returns: whether there was a whole one.
    private func readFrame(_ context: ChannelHandlerContext, at now: NIODeadline) -> Bool {
        let start = buffer.readerIndex
        guard let opcode = buffer.getInteger(at: start, as: UInt8.self).map({ $0 & 15 }),
            let short = buffer.getInteger(at: start + 1, as: UInt8.self)
        else { return false }
        var length = Int(short)
        var head = 2
        if short == 126 {
            guard let word = buffer.getInteger(at: start + 2, as: UInt16.self) else { return false }
            (length, head) = (Int(word), 4)
        } else if short == 127 {
            guard let word = buffer.getInteger(at: start + 2, as: UInt64.self) else { return false }
            (length, head) = (Int(word), 10)
        }
        guard buffer.readableBytes >= head + length else { return false }
        buffer.moveReaderIndex(forwardBy: head)
        if opcode == 9 {
            send(opcode: 10, buffer.readSlice(length: length) ?? ByteBuffer(), context)
        } else {
            read(length, at: now)
            buffer.moveReaderIndex(forwardBy: length)
        }
        return true
    }

    private func read(_ length: Int, at now: NIODeadline) {
        buffer.withUnsafeReadableBytes { bytes in
            let text = UnsafeRawBufferPointer(rebasing: bytes[..<length])
            // {"type":"event","payload":{"id":7,"event_id":"b1-0",…
            switch text.count > 9 ? text[9] : 0 {
            case UInt8(ascii: "e"): readEvent(text, at: now)
            case UInt8(ascii: "m"): metricFrames += 1
            case UInt8(ascii: "g"): readGap(text)
            case UInt8(ascii: "s"): subscribed.succeed(())
            default: break
            }
        }
    }

    /// `{"type":"event","payload":{"id":7,"event_id":"b1-0",…`: by place, since it is read a hundred
    /// thousand times a second.
    private func readEvent(_ text: UnsafeRawBufferPointer, at now: NIODeadline) {
        var place = Self.eventHead.utf8CodeUnitCount
        let id = text.number(at: &place)
        place += Self.beforeName.utf8CodeUnitCount + run.nameLength + 1
        let number = text.number(at: &place)
        if id <= lastID { doubled += 1 } else { events += 1 }
        lastID = max(lastID, id)
        run.heard(number, at: now, isCounted: !isStalled)
    }

    private static let eventHead: StaticString = "{\"type\":\"event\",\"payload\":{\"id\":"
    private static let beforeName: StaticString = ",\"event_id\":\""

    private func readGap(_ text: UnsafeRawBufferPointer) {
        let text = String(decoding: text, as: UTF8.self)
        guard text.contains("\"stream\":\"event\""),
            let start = text.firstRange(of: "\"dropped\":")?.upperBound
        else { return }
        dropped += Int(text[start...].prefix { $0.isNumber }) ?? 0
    }

    /// With a mask of zeros, which is a mask like any other.
    private func send(opcode: UInt8, _ payload: ByteBuffer, _ context: ChannelHandlerContext) {
        var frame = ByteBuffer()
        frame.writeInteger(0x80 | opcode)
        frame.writeInteger(0x80 | UInt8(payload.readableBytes))
        frame.writeInteger(UInt32(0))
        frame.writeImmutableBuffer(payload)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }
}

extension UnsafeRawBufferPointer {
    /// The number that stands here; the place moves behind it.
    fileprivate func number(at place: inout Int) -> Int {
        var number = 0
        while place < count, self[place] &- 48 < 10 {
            number = number &* 10 &+ Int(self[place] &- 48)
            place += 1
        }
        return number
    }
}
