import Foundation
import Testing

@testable import Streams

@Suite struct `A frame` {
    private static let time = Array("2026-11-22T14:00:00.000Z".utf8)

    private func frame(_ format: FrameFormat, payload: String, isMain: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        let payload = Array(payload.utf8)
        format.append(
            "event", number: 7, isMain: isMain, payload: payload.span, timestamp: Self.time.span,
            to: &bytes)
        return bytes
    }

    /// Around 125 and 65,535, where the length takes another form.
    @Test(arguments: [0, 40, 41, 42, 43, 44, 45, 46, 60, 65_450, 65_460, 65_470, 65_480, 200_000])
    func `has the length that its header says`(length: Int) throws {
        let payload = "\"" + String(repeating: "x", count: length) + "\""
        for format in [FrameFormat.webSocket, .reference] {
            let messages = try WebSocketText.messages(frame(format, payload: payload))
            #expect(messages.count == 1)
            let object = try JSONSerialization.jsonObject(with: Data(messages[0]))
            let members = try #require(object as? [String: Any])
            let value = members[format == .reference ? "data" : "payload"] as? String
            #expect(value?.count == length)
        }
    }

    @Test func `of server-sent events has a name where it is not what the stream is about`() {
        #expect(
            String(decoding: frame(.serverSent, payload: "{}"), as: UTF8.self)
                == "id: 7\ndata: {}\n\n")
        #expect(
            String(decoding: frame(.serverSent, payload: "{}", isMain: false), as: UTF8.self)
                == "id: 7\nevent: event\ndata: {}\n\n")
    }
}
