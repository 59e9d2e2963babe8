/// Puts what was made side by side back into the order in which it was begun.
public struct InOrder<Part> {
    private var begun = 0
    private var given = 0
    private var early: [Int: Part] = [:]

    public init() {}

    /// Begun, but not yet given.
    public var outstanding: Int { begun - given }

    /// - Returns: the number by which the part is finished.
    public mutating func begin() -> Int {
        defer { begun += 1 }
        return begun
    }

    public mutating func finish(_ number: Int, _ part: Part) {
        early[number] = part
    }

    public mutating func next() -> Part? {
        guard let part = early.removeValue(forKey: given) else { return nil }
        given += 1
        return part
    }
}
