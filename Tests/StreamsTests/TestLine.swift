import Foundation
import NIOCore
import TimeSeries

@testable import Streams

/// A stored line, and what a filter sees of it.
struct TestLine: Equatable {
    let id: UInt64
    var app = "app"
    var session = "s"
    var type = "Stop"
    /// A line of samples: it has an id and is no event.
    var isSamples = false

    var bytes: [UInt8] {
        if isSamples { return Array("{\"id\":\(id),\"kind\":\"samples\",\"samples\":[]}\n".utf8) }
        let time = "2026-11-22T14:00:00.000Z"
        return Array(
            ("{\"id\":\(id),\"event_id\":\"e\(id)\",\"type\":\"\(type)\",\"source_app\":\"\(app)\","
                + "\"session_id\":\"\(session)\",\"timestamp\":\"\(time)\",\"server_timestamp\":"
                + "\"\(time)\",\"processing_time_ms\":0,\"enrichment_version\":\"1.0.0\","
                + "\"data\":{}}\n").utf8)
    }

    func matches(_ filter: EventFilter) -> Bool {
        !isSamples && (filter.sourceApps.isEmpty || filter.sourceApps.contains(app))
            && (filter.types.isEmpty || filter.types.contains(type))
    }
}

/// 2026-11-22T14:00:00Z.
let start = Timestamp(milliseconds: 1_795_356_000_000)

extension StreamBook {
    mutating func publish(_ lines: [TestLine]) {
        for line in lines {
            let bytes = line.bytes
            add(bytes.span)
        }
        if let last = lines.last {
            flush(through: EventID(last.id), at: start, acknowledged: .now)
        }
    }

    func moment(firstID: UInt64 = 1, lastID: UInt64? = nil) -> Moment {
        Moment(
            time: start,
            mark: LogMark(logID: "log", lastID: lastID.map { EventID($0) } ?? position),
            firstID: EventID(firstID))
    }

    mutating func subscribe(_ queue: ClientQueue, _ subscription: Subscription) {
        handle(.subscribe(subscription), from: queue, moment())
    }

    /// Does a step as the log's reader would.
    mutating func read(_ step: ReplayStep, from log: [TestLine], atMost count: Int = .max) {
        let found = log.filter {
            $0.id > step.after.value && $0.id <= step.through.value && $0.matches(step.filter)
        }
        let page = found.prefix(count)
        let isWhole = page.count == found.count
        let through = isWhole ? step.through : EventID(page.last?.id ?? step.through.value)
        replayed(step, through: through, at: start) { body in
            for line in page {
                let bytes = line.bytes
                body(bytes.span)
            }
        }
    }

    mutating func readAll(from log: [TestLine]) {
        while !replays.isEmpty {
            for step in takeReplays() { read(step, from: log) }
        }
    }
}

/// A frame as a client reads it.
struct ReceivedFrame {
    let type: String
    let payload: [String: Any]

    var id: UInt64? { payload["id"] as? UInt64 }
    func number(_ key: String) -> Int? { payload[key] as? Int }
    func text(_ key: String) -> String? { payload[key] as? String }
}

extension ClientQueue {
    /// Everything that waits, taken as a socket takes it.
    func received() throws -> [ReceivedFrame] {
        var frames: [ReceivedFrame] = []
        while let next = next() {
            let bytes = Array(next.bytes.readableBytesView)
            let split = try WebSocketText.messages(bytes)
            guard split.count == next.count else { throw WebSocketText.Fault.count }
            frames += try split.map { text in
                let object = try JSONSerialization.jsonObject(with: Data(text))
                guard let members = object as? [String: Any], let type = members["type"] as? String,
                    let payload = members["payload"] as? [String: Any],
                    members["timestamp"] is String
                else { throw WebSocketText.Fault.shape }
                return ReceivedFrame(type: type, payload: payload)
            }
        }
        return frames
    }
}

/// Unmasked text frames, split as RFC 6455 says.
enum WebSocketText {
    enum Fault: Error { case header, count, shape }

    static func messages(_ bytes: [UInt8]) throws -> [[UInt8]] {
        var rest = bytes[...]
        var found: [[UInt8]] = []
        while !rest.isEmpty {
            guard rest.popFirst() == 0x81, let short = rest.popFirst(), short < 128 else {
                throw Fault.header
            }
            var length = Int(short)
            if short >= 126 {
                let width = short == 126 ? 2 : 8
                guard rest.count >= width else { throw Fault.header }
                length = rest.prefix(width).reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(width)
                // The shortest form only.
                guard length >= (width == 2 ? 126 : 65_536) else { throw Fault.header }
            }
            guard rest.count >= length else { throw Fault.header }
            found.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return found
    }
}
