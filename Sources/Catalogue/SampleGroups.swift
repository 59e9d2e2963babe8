internal import StrictJSON

/// Samples that wait for others of their series: Telegraf and its like go through all series again and again,
/// and the log would repeat the name and the tags of each for every number.
///
/// Series keep the order in which they came, and so do the samples of each.
struct SampleGroups: Sendable {
    private struct Group {
        /// From `{` to the bracket of its points.
        let head: Range<Int>
        let first: Int
        var last: Int
    }

    private struct Sample {
        let text: Range<Int>
        /// The next one of its group; 0 behind the last, since no sample follows itself.
        var next = 0
    }

    /// Heads and points.
    var text: [UInt8] = []
    private var groups: [Group] = []
    private var samples: [Sample] = []
    /// Open addressing; a group's number and one, 0 where a place is free.
    private var table = [Int](repeating: 0, count: 64)

    var isEmpty: Bool { samples.isEmpty }

    mutating func removeAll() {
        text.removeAll(keepingCapacity: true)
        samples.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        for place in table.indices { table[place] = 0 }
    }

    /// The head that stands at the end of the text becomes that of a group, or is taken away again where
    /// there is one.
    /// - Returns: the group, to which a point is to be added at once.
    mutating func group(head start: Int) -> Int {
        let head = start..<text.count
        var place = hash(head) & (table.count - 1)
        while table[place] != 0 {
            let group = table[place] - 1
            if text.span.isEqual(head, to: text.span, groups[group].head) {
                text.removeSubrange(head)
                return group
            }
            place = (place + 1) & (table.count - 1)
        }
        groups.append(Group(head: head, first: samples.count, last: samples.count))
        table[place] = groups.count
        if groups.count * 2 > table.count { grow() }
        return groups.count - 1
    }

    /// Adds the point that stands at the end of the text.
    mutating func add(point start: Int, to group: Int) {
        let last = groups[group].last
        if last < samples.count { samples[last].next = samples.count }
        groups[group].last = samples.count
        samples.append(Sample(text: start..<text.count))
    }

    /// Each sample with the head of its group, group by group.
    func visit(_ body: (_ head: Range<Int>, _ point: Range<Int>) -> Void) {
        for group in groups {
            var place = group.first
            repeat {
                body(group.head, samples[place].text)
                place = samples[place].next
            } while place != 0
        }
    }

    private mutating func grow() {
        table = [Int](repeating: 0, count: table.count * 2)
        for (number, group) in groups.enumerated() {
            var place = hash(group.head) & (table.count - 1)
            while table[place] != 0 { place = (place + 1) & (table.count - 1) }
            table[place] = number + 1
        }
    }

    /// Another in each process, so that no sender can make all groups meet in one place.
    private func hash(_ head: Range<Int>) -> Int {
        var hasher = Hasher()
        // The bytes are valid for as long as they are hashed.
        unsafe text.span.extracting(head).withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
