/// Texts, each once, numbered from 0 in the order in which they came. A look-up allocates nothing.
///
/// Open addressing, at most half full; texts are never removed. A slot holds half of the hash, so that
/// other texts are nearly always told without a look at their bytes:
///
///     slot:  hash, 32 bits │ number + 1, 32 bits      (0 = empty)
struct ByteTable: Sendable {
    private var slots = [UInt64](repeating: 0, count: 64)
    /// All texts, one after the other.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
    }

    var count: Int { ends.count }

    func range(of number: Int) -> Range<Int> {
        (number == 0 ? 0 : ends[number - 1])..<ends[number]
    }

    func text(_ number: Int) -> [UInt8] { Array(bytes[range(of: number)]) }

    func number(of text: Span<UInt8>) -> Int? {
        let hash = text.hash(seed: seed) >> 32
        var index = home(hash)
        while slots[index] != 0 {
            let number = Self.number(slots[index])
            if slots[index] >> 32 == hash,
                bytes.span.extracting(range(of: number)).isEqual(to: text)
            {
                return number
            }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The text must not be there yet.
    mutating func insert(_ text: Span<UInt8>) -> Int {
        if count * 2 >= slots.count { grow() }
        for index in 0..<text.count { bytes.append(text[index]) }
        ends.append(bytes.count)
        put(text.hash(seed: seed) & ~0xFFFF_FFFF | UInt64(count))
        return count - 1
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for slot in old where slot != 0 { put(slot) }
    }

    private mutating func put(_ slot: UInt64) {
        var index = home(slot >> 32)
        while slots[index] != 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    private func home(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash) & (slots.count - 1)
    }

    private static func number(_ slot: UInt64) -> Int {
        Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) - 1
    }
}
