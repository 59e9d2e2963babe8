internal import Catalogue
internal import Rollup
internal import Synchronization
public import TimeSeries

/// What Tidemark notices about itself, added up until it is sent as samples.
///
/// Distributions travel as sums and a sketch: a sample each would be a line for each group.
public final class Telemetry: Sendable {
    /// What was noticed since the last time it was taken out.
    struct Window: Sendable {
        var logWrites: Bucket?
        var events = 0
        var streamLatencies: Bucket?
    }

    private let window = Mutex(Window())

    public init() {}

    /// A group is on the disk.
    func wrote(events: Int, in duration: Duration, at time: Timestamp) {
        window.withLock { window in
            window.events += events
            Self.add(duration, at: time, to: &window.logWrites)
        }
    }

    /// An event was written to a client's socket so long after it was acknowledged.
    public func streamed(after duration: Duration, at time: Timestamp) {
        window.withLock { Self.add(duration, at: time, to: &$0.streamLatencies) }
    }

    func take() -> Window {
        window.withLock { window in
            defer { window = Window() }
            return window
        }
    }

    /// A millionth of a millisecond is a nanosecond.
    private static func add(_ duration: Duration, at time: Timestamp, to bucket: inout Bucket?) {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000)
        let value = Quantity(parts: min(nanoseconds, Quantity.magnitudeMax))
        if bucket == nil {
            bucket = Bucket(value, at: time, kind: .distribution)
        } else {
            bucket?.add(value, at: time)
        }
    }
}

extension Telemetry.Window {
    /// As samples of this moment.
    func samples(
        at time: Timestamp, overMilliseconds width: Int64, queueDepth: Int, residentBytes: Int?,
        disk: DiskSpace.Report
    ) -> SampleLines {
        var lines = SampleLines()
        if let logWrites { lines.append(.logWrite, logWrites) }
        if let streamLatencies { lines.append(.streamLatency, streamLatencies) }
        let rate = Quantity(parts: Int128(events) * 1_000_000 * 1_000 / Int128(width))
        lines.append(.eventsRate, rate, at: time)
        lines.append(.ingestQueueDepth, Quantity(wholes: queueDepth), at: time)
        if let residentBytes {
            lines.append(.processMemory, Quantity(wholes: residentBytes), at: time)
        }
        if let bytes = disk.freeBytes {
            lines.append(.diskFree, Quantity(wholes: Int(clamping: bytes)), at: time)
        }
        if let bytes = disk.folderBytes {
            lines.append(.dataSize, Quantity(wholes: Int(clamping: bytes)), at: time)
        }
        lines.finish()
        return lines
    }
}

extension SampleLines {
    fileprivate mutating func append(
        _ metric: BuiltinMetric, _ value: Quantity, at time: Timestamp
    ) {
        let definition = metric.definition
        append(
            SeriesKey(metric: definition.name), definition.kind, unit: definition.unit, value,
            at: time)
    }

    fileprivate mutating func append(_ metric: BuiltinMetric, _ bucket: Bucket) {
        let definition = metric.definition
        let aggregate = SampleAggregate(
            count: UInt64(bucket.count), sum: bucket.sum, min: bucket.min, max: bucket.max,
            last: bucket.last, sketch: bucket.sketch?.blob ?? [])
        append(
            SeriesKey(metric: definition.name), definition.kind, unit: definition.unit, aggregate,
            at: bucket.lastTime)
    }
}

extension Quantity {
    fileprivate init(wholes: Int) {
        self.init(parts: Int128(wholes) * 1_000_000)
    }
}
