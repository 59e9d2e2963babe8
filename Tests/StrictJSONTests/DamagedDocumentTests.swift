import Testing
import TestSupport

@Suite struct `A damaged document` {
    @Test func `is refused wherever it is cut`() {
        for length in richDocument.indices {
            #expect(fault(in: Array(richDocument.prefix(length))) != nil, "\(length)")
            #expect(fault(in: 0..<length, of: richDocument) != nil, "\(length)")
        }
        #expect(fault(in: richDocument) == nil)
    }

    @Test func `is refused with any bytes after it`() {
        for byte in UInt8(0)...0xFF {
            let isBlank = [0x20, 0x09, 0x0A, 0x0D].contains(byte)
            #expect((fault(in: richDocument + [byte]) == nil) == isBlank, "\(byte)")
        }
    }

    /// Every byte replaced, doubled or dropped: Foundation's reader judges it too.
    @Test func `is taken or refused as Foundation does, whatever byte is wrong`() {
        for index in richDocument.indices {
            for byte in Self.bytes {
                var text = richDocument
                text[index] = byte
                expectAgreement(text, "byte \(index) is \(byte)")
            }
            var text = richDocument
            text.insert(text[index], at: index)
            expectAgreement(text, "byte \(index) doubled")
            text = richDocument
            text.remove(at: index)
            expectAgreement(text, "byte \(index) dropped")
        }
    }

    private func expectAgreement(_ text: [UInt8], _ damage: String) {
        let isTaken = fault(in: text) == nil
        if isTaken == foundationTakes(text) { return }
        let said = String(decoding: text, as: UTF8.self)
        if !(isTaken ? Self.isBeyondFoundation(said) : Self.isLaxInFoundation(said)) {
            Issue.record("\(damage): \(isTaken ? "taken" : "refused")")
        }
    }

    /// Valid by RFC 8259, yet errors to Foundation's reader: a surrogate without its other half, and
    /// a number that is no `Double`.
    private static func isBeyondFoundation(_ text: String) -> Bool {
        let unpaired = text.replacing(#"\\"#, with: "")
            .replacing(/\\u[dD][89abAB]..\\u[dD][c-fC-F]../, with: "")
        return unpaired.contains(/\\u[dD][89a-fA-F]/) || unpaired.contains(/[0-9][eE]\+?[0-9]{3,}/)
    }

    /// Foundation's reader passes over a comma before a closing bracket.
    private static func isLaxInFoundation(_ text: String) -> Bool {
        text.contains(/,[ \n]*[\]}]/)
    }

    /// Bytes that mean something in the grammar, their neighbours, and the borders of UTF-8.
    private static let bytes: [UInt8] =
        isLongRun
        ? Array(0...0xFF)
        : Array("\"\\,:[]{} \n-+.0e9Eaunb/'".utf8) + [
            0x00, 0x01, 0x1F, 0x7F, 0x80, 0xA0, 0xBF, 0xC0, 0xC3, 0xED, 0xF0, 0xF4, 0xFF,
        ]
}
