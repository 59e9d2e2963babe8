internal import TimeSeries

/// The halves of tool uses and permissions that wait for their other half.
///
/// | first half | second half | number |
/// |---|---|---|
/// | PreToolUse | PostToolUse, PostToolUseFailure (without a duration of their own) | `tool.duration` |
/// | PermissionRequest | PostToolUse, PostToolUseFailure, PermissionDenied | `permission.wait` |
///
/// Halves join in either order of arrival. A half leaves when it has found the other, when it is too
/// many ids old, or when too many newer ones wait.
struct OpenJoins: Sendable {
    /// A number and the moment that it belongs to: the later one of its halves.
    struct Pair {
        let value: Quantity
        let time: Timestamp
    }

    var tables: [AgingTable]
    private let distance: UInt64

    init(_ limits: LineObserver.Limits) {
        distance = limits.joinDistanceIDsMax
        tables = JoinHalf.allCases.map { half in
            AgingTable(
                countMax: half == .permissionEnd
                    ? limits.permissionEndsMax : limits.openHalvesMax)
        }
    }

    /// What a line may join: all halves that are not too old for it.
    mutating func age(_ half: JoinHalf, to id: EventID) {
        guard id.value > distance else { return }
        tables[half.index].evict(before: EventID(id.value - distance))
    }

    /// Of two halves of one kind with the same key the later one stays: an abandoned request must not
    /// count its time for the next one.
    private mutating func keep(
        _ half: JoinHalf, _ key: StableHash, _ time: Timestamp, _ id: EventID, _ value: Int128 = 0
    ) {
        if let known = tables[half.index].value(key), known.time > time { return }
        tables[half.index].set(key, value, id: id, time: time)
    }
}

// MARK: Tool uses

extension OpenJoins {
    mutating func toolStarted(_ key: StableHash, _ time: Timestamp, _ id: EventID) -> Pair? {
        age(.toolEnd, to: id)
        age(.toolStart, to: id)
        guard let end = tables[JoinHalf.toolEnd.index].take(key) else {
            keep(.toolStart, key, time, id)
            return nil
        }
        return Self.duration(from: time, to: end.time)
    }

    mutating func toolEnded(_ key: StableHash, _ time: Timestamp, _ id: EventID) -> Pair? {
        age(.toolStart, to: id)
        age(.toolEnd, to: id)
        guard let start = tables[JoinHalf.toolStart.index].take(key) else {
            keep(.toolEnd, key, time, id)
            return nil
        }
        return Self.duration(from: start.time, to: time)
    }

    /// The end says itself how long it took: nobody waits for it any more.
    mutating func toolEndedKnowingDuration(_ key: StableHash, _ id: EventID) {
        age(.toolStart, to: id)
        _ = tables[JoinHalf.toolStart.index].take(key)
    }

    /// An end before its start, by the clocks of two hooks, took no time.
    private static func duration(from start: Timestamp, to end: Timestamp) -> Pair {
        Pair(
            value: Quantity(parts: max(0, milliseconds(from: start, to: end))),
            time: max(start, end))
    }

    /// In parts.
    private static func milliseconds(from start: Timestamp, to end: Timestamp) -> Int128 {
        (Int128(end.milliseconds) - Int128(start.milliseconds)) * partsPerMillisecond
    }

    private static let partsPerMillisecond = QuantityScale.millionths.one.parts
}

// MARK: Permissions

extension OpenJoins {
    mutating func permissionRequested(
        _ key: StableHash, _ time: Timestamp, _ id: EventID
    ) -> Pair? {
        age(.permissionEnd, to: id)
        age(.permissionRequest, to: id)
        let end = tables[JoinHalf.permissionEnd.index].value(key)
        guard let end, end.time >= time else {
            keep(.permissionRequest, key, time, id)
            return nil
        }
        _ = tables[JoinHalf.permissionEnd.index].take(key)
        return Self.wait(from: time, to: end.time, duration: end.value)
    }

    /// - Parameter duration: how long the tool ran after the permission, in parts.
    mutating func permissionEnded(
        _ key: StableHash, _ time: Timestamp, duration: Int128, _ id: EventID
    ) -> Pair? {
        age(.permissionRequest, to: id)
        age(.permissionEnd, to: id)
        let request = tables[JoinHalf.permissionRequest.index].value(key)
        // A tool use that ended before the request was another one with the same input.
        guard let request, request.time <= time else {
            keep(.permissionEnd, key, time, id, duration)
            return nil
        }
        _ = tables[JoinHalf.permissionRequest.index].take(key)
        return Self.wait(from: request.time, to: time, duration: duration)
    }

    private static func wait(
        from request: Timestamp, to end: Timestamp, duration: Int128
    ) -> Pair {
        Pair(
            value: Quantity(parts: max(0, milliseconds(from: request, to: end) - duration)),
            time: end)
    }
}
