internal import StrictJSON
internal import TimeSeries

/// What lines of line protocol were found to be about: who repeats measurement, tags and the keys of the
/// fields, byte for byte, means the same series. Senders do nothing else, since they go through their
/// series again and again.
///
///     cpu,host=a usage_user=12.5,usage_idle=80 …  ─►  groups 0, 1 of the lines for the log
struct InfluxHeads: Sendable {
    struct Field {
        /// In `text`.
        let key: Range<Int>
        /// The samples' group, of `generation`.
        let group: Int
        let scale: QuantityScale
    }

    private struct Head {
        /// Measurement and tags, in `text`.
        let text: Range<Int>
        let fields: Range<Int>
    }

    /// All is forgotten once it is so many bytes.
    static let textBytesMax = 1 << 20

    /// Those that the groups are of.
    private var generation = 0
    private var text: [UInt8] = []
    private var heads: [Head] = []
    private var fields: [Field] = []
    /// Open addressing; a head's number and one, 0 where a place is free.
    private var table = [Int](repeating: 0, count: 64)
    /// Another in each process, so that no sender can make all heads meet in one place.
    private let seed = UInt64.random(in: .min ... .max)

    subscript(index: Int) -> Field { fields[index] }

    /// - Returns: the fields of a line that was learned, one for each of the line's.
    func fields(
        of line: borrowing InfluxLine, _ bytes: Span<UInt8>, generation: Int
    ) -> Range<Int>? {
        guard generation == self.generation else { return nil }
        var place = home(bytes, line.head)
        while table[place] != 0 {
            let head = heads[table[place] - 1]
            if isEqual(head, line, bytes) { return head.fields }
            place = (place + 1) & (table.count - 1)
        }
        return nil
    }

    /// Learns a line that is not known: all its fields are samples.
    mutating func learn(
        _ line: borrowing InfluxLine, _ bytes: Span<UInt8>, _ series: [(Int, QuantityScale)],
        generation: Int
    ) {
        if generation != self.generation || text.count > Self.textBytesMax {
            forget()
            self.generation = generation
        }
        let start = fields.count
        for index in line.fields.indices {
            let key = append(bytes, line.fields[index].key.range)
            fields.append(Field(key: key, group: series[index].0, scale: series[index].1))
        }
        heads.append(Head(text: append(bytes, line.head), fields: start..<fields.count))
        occupy(heads.count - 1)
        if heads.count * 2 > table.count { grow() }
    }

    private mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        let start = text.count
        text.append(contentsOf: bytes, range)
        return start..<text.count
    }

    private mutating func forget() {
        text.removeAll(keepingCapacity: true)
        heads.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        for place in table.indices { table[place] = 0 }
    }

    private func isEqual(
        _ head: Head, _ line: borrowing InfluxLine, _ bytes: Span<UInt8>
    ) -> Bool {
        guard head.fields.count == line.fields.count,
            text.span.isEqual(head.text, to: bytes, line.head)
        else { return false }
        for index in line.fields.indices {
            let key = fields[head.fields.lowerBound + index].key
            guard text.span.isEqual(key, to: bytes, line.fields[index].key.range) else {
                return false
            }
        }
        return true
    }
}

// MARK: The table

extension InfluxHeads {
    private mutating func occupy(_ number: Int) {
        var place = home(text.span, heads[number].text)
        while table[place] != 0 { place = (place + 1) & (table.count - 1) }
        table[place] = number + 1
    }

    private mutating func grow() {
        table = [Int](repeating: 0, count: table.count * 2)
        for number in heads.indices { occupy(number) }
    }

    private func home(_ bytes: Span<UInt8>, _ head: Range<Int>) -> Int {
        var hasher = StableHasher()
        hasher.add(seed)
        hasher.add(bytes, head)
        return Int(truncatingIfNeeded: hasher.hash.low) & (table.count - 1)
    }
}
