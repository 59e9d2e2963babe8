internal import StrictJSON

/// Samples that wait for others of their series: Telegraf and its like go through all series again and again,
/// and the log would repeat the name and the tags of each for every number.
///
/// Series keep the order in which they came, and so do the samples of each. Heads are remembered when
/// their samples are gone, so that who meets a series again can name its group at once.
struct SampleGroups: Sendable {
    private struct Group {
        /// From `{` to the bracket of its points.
        let head: Range<Int>
        /// The first and the last of its samples that wait; none where the first is not there.
        var first = -1
        var last = -1
    }

    private struct Sample {
        let text: Range<Int>
        /// The next one of its group; 0 behind the last, since no sample follows itself.
        var next = 0
    }

    /// All heads are forgotten once they have so many bytes.
    static let headBytesMax = 1 << 20

    /// Rises when the groups are forgotten: their numbers mean nothing then.
    private(set) var generation = 0
    private(set) var heads: [UInt8] = []
    /// Points.
    var text: [UInt8] = []
    private var groups: [Group] = []
    /// The groups that have samples, in the order of the first ones.
    private var waiting: [Int] = []
    private var samples: [Sample] = []
    /// Open addressing; a group's number and one, 0 where a place is free.
    private var table = [Int](repeating: 0, count: 64)

    var isEmpty: Bool { samples.isEmpty }

    mutating func removeSamples() {
        text.removeAll(keepingCapacity: true)
        samples.removeAll(keepingCapacity: true)
        for group in waiting { groups[group] = Group(head: groups[group].head) }
        waiting.removeAll(keepingCapacity: true)
        if heads.count > Self.headBytesMax { forget() }
    }

    private mutating func forget() {
        generation += 1
        heads.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        for place in table.indices { table[place] = 0 }
    }

    /// - Parameter appendHead: appends the head, to which points are to be added.
    mutating func group(_ appendHead: (inout [UInt8]) -> Void) -> Int {
        let start = heads.count
        appendHead(&heads)
        let head = start..<heads.count
        var place = hash(head) & (table.count - 1)
        while table[place] != 0 {
            let group = table[place] - 1
            if heads.span.isEqual(head, to: heads.span, groups[group].head) {
                heads.removeSubrange(head)
                return group
            }
            place = (place + 1) & (table.count - 1)
        }
        groups.append(Group(head: head))
        table[place] = groups.count
        if groups.count * 2 > table.count { grow() }
        return groups.count - 1
    }

    /// Adds the point that stands at the end of the text.
    mutating func add(point start: Int, to group: Int) {
        let last = groups[group].last
        if last >= 0 {
            samples[last].next = samples.count
        } else {
            groups[group].first = samples.count
            waiting.append(group)
        }
        groups[group].last = samples.count
        samples.append(Sample(text: start..<text.count))
    }

    /// Each sample with the head of its group, group by group.
    func visit(_ body: (_ head: Range<Int>, _ point: Range<Int>) -> Void) {
        for group in waiting {
            var place = groups[group].first
            repeat {
                body(groups[group].head, samples[place].text)
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
        unsafe heads.span.extracting(head).withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
