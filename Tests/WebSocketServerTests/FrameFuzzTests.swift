import TestSupport
import Testing

/// Random frames, right and wrong, cut into random pieces.
@Suite struct `Whatever a client sends` {
    private static func frame(_ random: inout SplitMix64) -> ClientFrame {
        let opcodes: [UInt8] = [
            1, 1, 1, 0, 0, 9, 10, 8, 2, UInt8.random(in: 0...15, using: &random),
        ]
        let opcode = random.pick(opcodes)
        let length = random.pick([0, 1, 2, 5, 125, 126, 200, 999, 1_000, 1_001])
        let letters = (0..<length).map { _ in
            random.isOnce(in: 500) ? UInt8.random(in: 0...255, using: &random) : UInt8(ascii: "x")
        }
        return ClientFrame(
            opcode: opcode, payload: letters, isLast: !random.isOnce(in: 3),
            isMasked: !random.isOnce(in: 30),
            reserved: random.isOnce(in: 30) ? UInt8.random(in: 1...7, using: &random) : 0)
    }

    private static func stream(_ random: inout SplitMix64) -> [UInt8] {
        var bytes = (0..<Int.random(in: 1...12, using: &random)).flatMap { _ in frame(&random).bytes
        }
        // Now and then bytes that are no frames at all.
        if random.isOnce(in: 3), !bytes.isEmpty {
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
        }
        return bytes
    }

    @Test(arguments: seeds(150, long: 100_000))
    func `it is heard the same however it is cut, and ends with one close at most`(seed: UInt64)
        throws
    {
        var random = SplitMix64(seed: seed)
        let bytes = Self.stream(&random)
        let whole = try Peer()
        whole.send(bytes)
        let cut = try Peer()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...300, using: &random))
            cut.send(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        #expect(whole.session.texts == cut.session.texts)
        let answers = try whole.answers()
        #expect(try answers == cut.answers())
        let closes = answers.filter { $0.opcode == 8 }
        #expect(closes.count <= 1)
        if closes.count == 1 { #expect(answers.last == closes[0]) }
        #expect(whole.session.texts.allSatisfy { $0.utf8.count <= 1_000 })
    }
}
