import Foundation

/// What waits for a later line: a list that is searched from end to end.
struct NaiveHalves {
    typealias Key = [[UInt8]]

    struct Half {
        let key: Key
        let id, time: Int
        var value: Int128 = 0
    }

    let countMax: Int
    private(set) var halves: [Half] = []

    init(countMax: Int) {
        self.countMax = countMax
    }

    func find(_ key: Key) -> Half? { halves.first { $0.key == key } }

    mutating func take(_ key: Key) -> Half? {
        defer { halves.removeAll { $0.key == key } }
        return find(key)
    }

    /// Of two with one key the later one stays; the oldest leaves where there are too many.
    mutating func keep(_ half: Half) {
        if let known = find(half.key), known.time > half.time { return }
        _ = take(half.key)
        halves.append(half)
        if halves.count > countMax { halves.removeFirst() }
    }

    mutating func forget(before id: Int) { halves.removeAll { $0.id < id } }
}
