internal import Hummingbird
internal import Intake
internal import NIOCore
internal import Pipeline

/// A stream of lines into the log: read, decode, hand over.
///
/// Stretches are decoded by child tasks, as many at a time as there are processors to do it, and handed
/// over in the order of the body.
struct LineIngest {
    /// About half a thousand events: long enough to make a task worth while.
    private static let stretchBytes = 256 << 10
    /// Stretches of one request that are being decoded at once.
    private static let decodingMax = 2

    let intake: EventIntake
    let context: EventIntake.Context
    let lineBytesMax: Int
    let inFlight: BytesInFlight

    func run(_ reader: consuming BodyReader, _ session: inout IngestSession) async throws {
        var stretches = LineStretches(
            stretchBytes: min(Self.stretchBytes, inFlight.bytesMax / 4), lineBytesMax: lineBytesMax)
        var held = HeldBytes(inFlight)
        defer { held.release() }
        try await withThrowingTaskGroup(of: (Int, DecodedStretch).self) { group in
            var order = InOrder<DecodedStretch>()
            while let buffer = try await reader.next() {
                stretches.append(buffer)
                try held.update(stretches.heldBytes)
                while let stretch = stretches.next() {
                    add(stretch, order.begin(), to: &group)
                    try await settle(&order, &group, &session, downTo: Self.decodingMax)
                }
            }
            try await settle(&order, &group, &session, downTo: 0)
        }
        if let rest = stretches.rest() { try await session.add(decode(rest)) }
    }

    private func add(
        _ stretch: LineStretches.Stretch, _ number: Int,
        to group: inout ThrowingTaskGroup<(Int, DecodedStretch), any Error>
    ) {
        group.addTask { [self] in (number, decode(stretch)) }
    }

    private func decode(_ stretch: LineStretches.Stretch) -> DecodedStretch {
        intake.decode(stretch, context, lineBytesMax: lineBytesMax)
    }

    private func settle(
        _ order: inout InOrder<DecodedStretch>,
        _ group: inout ThrowingTaskGroup<(Int, DecodedStretch), any Error>,
        _ session: inout IngestSession, downTo count: Int
    ) async throws {
        while order.outstanding > count, let (number, decoded) = try await group.next() {
            order.finish(number, decoded)
            while let next = order.next() { try await session.add(next) }
        }
    }
}

/// A request's share of the bytes in flight.
private struct HeldBytes {
    private let inFlight: BytesInFlight
    private var bytes = 0

    init(_ inFlight: BytesInFlight) {
        self.inFlight = inFlight
    }

    mutating func update(_ count: Int) throws(APIError) {
        if count > bytes {
            try inFlight.take(count - bytes)
        } else {
            inFlight.release(bytes - count)
        }
        bytes = count
    }

    mutating func release() {
        inFlight.release(bytes)
        bytes = 0
    }
}
