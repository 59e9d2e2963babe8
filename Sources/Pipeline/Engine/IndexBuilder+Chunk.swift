internal import EventIndex
internal import EventLine
internal import EventLog
internal import TimeSeries

extension IndexBuilder {
    /// Takes in lines as they were read.
    /// - Parameters:
    ///   - last: lines behind it are left out.
    ///   - log: which the chunk is of.
    mutating func add(_ chunk: LineChunk, through last: EventID = .last, of log: LogSnapshot) {
        var starts: [Int] = []
        var partition: EventID?
        chunk.forEachLine { range in
            if let id = EventEnvelope.id(of: chunk.bytes.span.extracting(range)) {
                guard id <= last else { return false }
                partition = partition ?? log.partition(of: id)?.firstID
            }
            if starts.isEmpty { starts.append(range.lowerBound) }
            starts.append(range.upperBound)
            return true
        }
        guard let partition else { return }
        add(
            chunk.bytes.span, starts: starts[...],
            at: LinePlace(partition: partition, offset: chunk.offset))
    }
}
