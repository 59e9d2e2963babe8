internal import EventLine
internal import EventLog
internal import StrictJSON
internal import TimeSeries

/// Lines that the log gave ids and cannot give back: removed, or damaged.
struct LogGap: Sendable {
    let firstID: EventID
    private(set) var lastID: EventID
    /// The file in which they stood.
    let fileName: String
    /// Nobody knows when its events were; those of the same file were then. Nil where it has no other.
    private(set) var moments: ClosedRange<Timestamp>?

    init(_ ids: ClosedRange<EventID>, fileName: String, _ moments: ClosedRange<Timestamp>?) {
        (firstID, lastID) = (ids.lowerBound, ids.upperBound)
        self.fileName = fileName
        self.moments = moments
    }

    /// The moments that it may have events of.
    var range: TimeRange {
        guard let moments else { return .wholeCalendar }
        let end = moments.upperBound.advanced(byMilliseconds: 1)
        return TimeRange(from: moments.lowerBound, to: end) ?? .wholeCalendar
    }

    mutating func extend(to others: ClosedRange<Timestamp>?) {
        moments = ClosedRange(joining: moments, others)
    }

    mutating func join(_ other: LogGap) {
        lastID = max(lastID, other.lastID)
        extend(to: other.moments)
    }
}

extension ClosedRange<Timestamp> {
    fileprivate init?(joining left: Self?, _ right: Self?) {
        guard let left, let right else {
            guard let one = left ?? right else { return nil }
            self = one
            return
        }
        self =
            Swift.min(
                left.lowerBound, right.lowerBound)...Swift.max(
                left.upperBound, right.upperBound)
    }
}

/// Watches a log being read from its first line on: whether any line is missing or damaged.
///
/// Ids rise by one from line to line within a partition. Those of failed groups are burned; they lie
/// between the `after_id` of a partition's header and the first id in its name.
struct LogCheck: Sendable {
    /// Further ones become one with the last.
    private static let gapsMax = 1_000

    private(set) var lines = 0
    private(set) var gaps: [LogGap] = []
    private(set) var logID: String?
    private let partitions: [Partition]
    /// All ids up to it have their line, their gap, or are burned.
    private var last = EventID.none
    /// Of the partition that is being read: its lines, and its first gap.
    private var moments: ClosedRange<Timestamp>?
    private var firstGap = 0
    private var isAtStartOfPartition = false

    /// - Parameter id: lines up to it are none that are missed.
    init(_ log: LogSnapshot, after id: EventID = .none) {
        partitions = log.partitions
        last = id
    }

    /// - Parameter line: the first line of a partition, whatever it is.
    mutating func beginPartition(_ line: Span<UInt8>) {
        widenGaps()
        let bounds = Timestamp.representable
        // A gap between two partitions may be of either's time, one before the first of any.
        let before = lines == 0 ? bounds.lowerBound...bounds.lowerBound : moments
        (moments, firstGap) = (nil, gaps.count)
        isAtStartOfPartition = true
        guard let header = PartitionHeader(line) else { return }
        logID = header.logID
        lose(through: EventID(header.afterID), before)
    }

    /// - Parameter now: the folds' clock at this line.
    mutating func add(_ line: Span<UInt8>, _ id: EventID, now: Timestamp) {
        guard id > last else { return }
        lines += 1
        if isAtStartOfPartition { passOverBurned(before: id) }
        let time = EventEnvelope(line)?.timestamp ?? now
        moments = ClosedRange(joining: moments, min(time, now)...max(time, now))
        lose(through: EventEnvelope.isWhole(line) ? EventID(id.value - 1) : id)
        last = id
    }

    /// - Parameter id: up to here lines must be there.
    mutating func finish(through id: EventID) {
        let end = Timestamp.representable.upperBound
        lose(through: id, end...end)
        widenGaps()
    }

    private mutating func passOverBurned(before id: EventID) {
        isAtStartOfPartition = false
        guard let name = partitions.last(where: { $0.name.firstID <= id })?.name else { return }
        last = max(last, EventID(max(name.firstID.value, 1) - 1))
    }

    private mutating func lose(through id: EventID, _ moments: ClosedRange<Timestamp>? = nil) {
        guard id > last else { return }
        let first = last.advanced(by: 1)
        last = id
        let file = partitions.last { $0.name.firstID <= first }?.fileName ?? ""
        let gap = LogGap(first...id, fileName: file, moments)
        if gaps.count < Self.gapsMax {
            gaps.append(gap)
        } else {
            gaps[gaps.count - 1].join(gap)
        }
    }

    private mutating func widenGaps() {
        // The last one of all takes further ones in.
        let first = gaps.count < Self.gapsMax ? firstGap : min(firstGap, Self.gapsMax - 1)
        for place in gaps.indices where place >= first { gaps[place].extend(to: moments) }
    }
}
