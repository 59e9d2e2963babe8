/// What belongs to a pair of neighbouring bytes, the first in the lower half: a table, since the
/// answer is «nothing» nearly always.
struct PairGroups<Element: Sendable>: Sendable {
    /// One group after the other.
    private(set) var elements: [Element] = []
    /// Pairs with nothing have the empty group 0.
    private var groups: [Range<Int>] = [0..<0]
    private var groupOfPair = [UInt16](repeating: 0, count: 65_536)

    init(_ elementsOfPairs: [UInt16: [Element]]) {
        for (pair, group) in elementsOfPairs {
            groupOfPair[Int(pair)] = UInt16(groups.count)
            groups.append(elements.count..<(elements.count + group.count))
            elements += group
        }
    }

    /// Where the pair's group stands among the elements.
    func indices(of pair: UInt16) -> Range<Int> { groups[Int(groupOfPair[Int(pair)])] }
}
