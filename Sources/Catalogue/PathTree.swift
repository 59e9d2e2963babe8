internal import StrictJSON

/// Many paths into `data` as one tree, so that one pass over `data` finds all their values.
///
///     tool_name            slot 0      root ─┬─ tool_name        0
///     usage.input          slot 1            └─ usage ─┬─ input   1
///     usage.output         slot 2                      └─ output  2
///
/// Nodes lie flat, those of one parent side by side; so do the bytes of their keys.
struct PathTree: Sendable {
    struct Node: Sendable {
        var key: Range<Int>
        var children: Range<Int>
        /// Where the value that stands here goes; -1 where nobody asked for it.
        var slot: Int
    }

    private(set) var nodes: [Node] = []
    private(set) var keys: [UInt8] = []
    /// The children of the root.
    private(set) var roots: Range<Int> = 0..<0
    let slotCount: Int

    /// How many values are wanted.
    let wantedCount: Int

    /// No path and no slot stands twice.
    init(_ paths: [(path: DataPath, slot: Int)]) {
        slotCount = (paths.map(\.slot).max() ?? -1) + 1
        wantedCount = paths.count
        roots = append(paths.map { ($0.path.keys[...], $0.slot) })
    }

    /// Appends the nodes for what is left of paths: first all of one level, then those below each.
    private mutating func append(_ rest: [(keys: ArraySlice<String>, slot: Int)]) -> Range<Int> {
        var groups: [(key: String, rest: [(keys: ArraySlice<String>, slot: Int)])] = []
        for (keys, slot) in rest {
            guard let key = keys.first else { continue }
            if let index = groups.firstIndex(where: { $0.key.utf8.elementsEqual(key.utf8) }) {
                groups[index].rest.append((keys.dropFirst(), slot))
            } else {
                groups.append((key, [(keys.dropFirst(), slot)]))
            }
        }
        let level = nodes.count..<nodes.count + groups.count
        for group in groups {
            let start = keys.count
            keys += group.key.utf8
            let slot = group.rest.first { $0.keys.isEmpty }?.slot ?? -1
            nodes.append(Node(key: start..<keys.count, children: 0..<0, slot: slot))
        }
        for (node, group) in zip(level, groups) {
            nodes[node].children = append(group.rest)
        }
        return level
    }

    /// The child with a key, among siblings; -1 where there is none.
    @inline(__always)
    func child(_ key: Range<Int>, of bytes: Span<UInt8>, among siblings: Range<Int>) -> Int {
        for node in siblings where bytes.isEqual(key, to: keys.span, nodes[node].key) {
            return node
        }
        return -1
    }
}

/// Finds the values of a `PathTree` in one pass, which ends once all are found: the large values of an
/// event, such as a tool's output, mostly come last. Of a key that stands twice the first one counts.
///
/// Its buffers are reused.
struct DataReader: Sendable {
    /// By slot; empty where `data` has no such value.
    private(set) var values: [Range<Int>] = []
    private var missing = 0
    private var decoded: [UInt8] = []

    /// - Returns: false where the text is no sound JSON as far as it was read; then no value counts.
    mutating func read(_ line: Span<UInt8>, from start: Int, _ tree: PathTree) -> Bool {
        for slot in values.indices { values[slot] = 0..<0 }
        while values.count < tree.slotCount { values.append(0..<0) }
        missing = tree.wantedCount
        var cursor = JSONCursor(start..<line.count)
        do {
            guard try cursor.peek(in: line) == UInt8(ascii: "{") else { return true }
            try readObject(line, &cursor, tree, tree.roots, depth: 0)
            return true
        } catch {
            return false
        }
    }

    private mutating func readObject(
        _ line: Span<UInt8>, _ cursor: inout JSONCursor, _ tree: borrowing PathTree,
        _ siblings: Range<Int>, depth: Int
    ) throws(JSONFault) {
        var more = try cursor.enterObject(in: line)
        while more {
            let escapes = cursor.escapes
            let token = try cursor.nextKey(in: line)
            let node = child(token, line, cursor.escapes != escapes, tree, siblings)
            if node < 0 {
                try cursor.skipValue(in: line, depth: depth + 1)
            } else {
                try readValue(line, &cursor, tree, node, depth: depth + 1)
                if missing == 0 { return }
            }
            more = try cursor.anotherMember(in: line)
        }
    }

    private mutating func readValue(
        _ line: Span<UInt8>, _ cursor: inout JSONCursor, _ tree: borrowing PathTree, _ node: Int,
        depth: Int
    ) throws(JSONFault) {
        let first = try cursor.peek(in: line)
        let start = cursor.position
        let (slot, children) = (tree.nodes[node].slot, tree.nodes[node].children)
        if first == UInt8(ascii: "{"), !children.isEmpty {
            try readObject(line, &cursor, tree, children, depth: depth)
            // Where all is found below, the rest of this value does not count any more.
            if missing == 0 { return }
        } else {
            try cursor.skipValue(in: line, depth: depth)
        }
        if slot >= 0, values[slot].isEmpty {
            values[slot] = start..<cursor.position
            missing -= 1
        }
    }

    @inline(__always)
    private mutating func child(
        _ token: Range<Int>, _ line: Span<UInt8>, _ hasEscape: Bool, _ tree: borrowing PathTree,
        _ siblings: Range<Int>
    ) -> Int {
        if !hasEscape {
            return tree.child(
                token.lowerBound + 1..<token.upperBound - 1, of: line, among: siblings)
        }
        decoded.removeAll(keepingCapacity: true)
        JSONString.decode(token, in: line, appendingTo: &decoded)
        return tree.child(0..<decoded.count, of: decoded.span, among: siblings)
    }
}
