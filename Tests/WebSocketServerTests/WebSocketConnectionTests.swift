import NIOCore
import NIOEmbedded
import Testing

@Suite struct `A WebSocket` {
    @Test func `hears a text, also in pieces and with a ping between them`() throws {
        let peer = try Peer()
        peer.send(.text("one"))
        peer.send(.text("tw", isLast: false), .ping("x"), .more("", isLast: false))
        #expect(try peer.answers() == [ServerFrame(opcode: 10, payload: [UInt8(ascii: "x")])])
        peer.send(.more("o", isLast: true))
        #expect(peer.session.texts == ["one", "two"])
    }

    @Test func `hears a character that is cut by a fragment`() throws {
        let peer = try Peer()
        let bytes = Array("é".utf8)
        peer.send(
            ClientFrame(opcode: 1, payload: [bytes[0]], isLast: false),
            ClientFrame(opcode: 0, payload: [bytes[1]]))
        #expect(peer.session.texts == ["é"])
    }

    @Test func `needs every byte and no order of arrival`() throws {
        let peer = try Peer()
        for byte in ClientFrame.text(String(repeating: "x", count: 300)).bytes { peer.send([byte]) }
        #expect(peer.session.texts.map(\.count) == [300])
    }

    private static let faults: [(String, [ClientFrame], Int)] = [
        ("no mask", [ClientFrame(opcode: 1, payload: [65], isMasked: false)], 1_002),
        ("a reserved bit", [ClientFrame(opcode: 1, payload: [65], reserved: 4)], 1_002),
        ("a reserved opcode", [ClientFrame(opcode: 3, payload: [])], 1_002),
        ("a reserved control opcode", [ClientFrame(opcode: 11, payload: [])], 1_002),
        ("a continuation of nothing", [.more("x", isLast: true)], 1_002),
        ("a text within a text", [.text("a", isLast: false), .text("b")], 1_002),
        ("a ping in pieces", [ClientFrame(opcode: 9, payload: [], isLast: false)], 1_002),
        ("a large ping", [.ping(String(repeating: "x", count: 126))], 1_002),
        ("a binary message", [ClientFrame(opcode: 2, payload: [0])], 1_003),
        ("no UTF-8", [ClientFrame(opcode: 1, payload: [0xC3, 0x28])], 1_007),
        ("half a character", [ClientFrame(opcode: 1, payload: [0xE2, 0x82])], 1_007),
        ("a surrogate", [ClientFrame(opcode: 1, payload: [0xED, 0xA0, 0x80])], 1_007),
        ("a large frame", [.text(String(repeating: "x", count: 1_001))], 1_009),
        (
            "a large message",
            [
                .text(String(repeating: "x", count: 600), isLast: false),
                .more(String(repeating: "x", count: 600), isLast: true),
            ], 1_009
        ),
        ("half a close code", [ClientFrame(opcode: 8, payload: [3])], 1_002),
        ("a reason that is no UTF-8", [.close(1_000, [0xFF])], 1_007),
    ]

    @Test(arguments: faults) func `is closed with the fitting code`(
        what: String, frames: [ClientFrame], code: Int
    ) throws {
        let peer = try Peer()
        peer.send(frames.flatMap(\.bytes))
        let answers = try peer.answers()
        #expect(answers.map(\.code) == [code], "\(what): \(answers)")
        peer.send(.text("more"), .ping("x"))
        #expect(peer.session.texts.isEmpty)
        #expect(try peer.answers().isEmpty)
    }

    @Test(arguments: [0, 999, 1_004, 1_005, 1_006, 1_015, 1_016, 2_999, 5_000, 65_535])
    func `takes no close code that is none`(code: UInt16) throws {
        let peer = try Peer()
        peer.send(.close(code))
        #expect(try peer.answers().map(\.code) == [1_002])
    }

    @Test(arguments: [1_000, 1_001, 1_003, 1_007, 1_014, 3_000, 4_999])
    func `answers a close with its code, and is closed`(code: UInt16) throws {
        let peer = try Peer()
        peer.send(.close(code, Array("bye".utf8)))
        #expect(try peer.answers().map(\.code) == [Int(code)])
        #expect(peer.session.isClosed && !peer.channel.isActive)
    }

    @Test func `answers a close without a code`() throws {
        let peer = try Peer()
        peer.send(.close(nil))
        #expect(try peer.answers().map(\.code) == [1_000])
    }

    @Test func `says that the server goes, and waits for the answer so long and no longer`() throws
    {
        for answers in [true, false] {
            let peer = try Peer()
            peer.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            #expect(try peer.answers().map(\.code) == [1_001])
            peer.send(.text("late"))
            #expect(peer.session.texts.isEmpty && peer.channel.isActive)
            if answers {
                peer.send(.close(1_001))
            } else {
                peer.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
            }
            #expect(!peer.channel.isActive)
            #expect(try peer.answers().isEmpty)
        }
    }

    @Test func `asks a silent peer whether it is there, and leaves one that is not`() throws {
        let peer = try Peer()
        let loop = peer.channel.embeddedEventLoop
        loop.advanceTime(by: .seconds(45))
        #expect(try peer.answers().map(\.opcode) == [9, 9, 9])
        peer.send(ClientFrame(opcode: 10, payload: []))
        loop.advanceTime(by: .seconds(60))
        #expect(peer.channel.isActive)
        loop.advanceTime(by: .seconds(15))
        #expect(!peer.channel.isActive && peer.session.isClosed)
    }

    @Test func `does not read from who does not read`() throws {
        let peer = try Peer()
        let reads = ReadCounter()
        try peer.channel.pipeline.syncOperations.addHandler(reads, position: .first)
        peer.channel.isWritable = false
        peer.channel.read()
        #expect(reads.count == 0)
        peer.channel.isWritable = true
        peer.channel.pipeline.fireChannelWritabilityChanged()
        #expect(reads.count == 1)
    }
}

private final class ReadCounter: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    var count = 0

    func read(context: ChannelHandlerContext) {
        count += 1
        context.read()
    }
}
