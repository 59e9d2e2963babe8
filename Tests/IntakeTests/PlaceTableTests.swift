@testable import Intake
import Testing
import TestSupport

@Suite struct `A table of places` {
    /// Only the upper half of `low` decides where a key's place is looked for.
    private static func key(_ hash: UInt64, _ rest: UInt64) -> KeyedHash.Value {
        KeyedHash.Value(high: rest, low: hash << 32 | rest)
    }

    /// Few hashes, so that keys crowd, at the end of the table too: the crowd runs on at its beginning.
    private static func key(_ number: Int) -> KeyedHash.Value {
        let homes: [UInt64] = [0, 1, 5, 511, 1_022, 1_023, 1_024, 2_046, 2_047, 0xFFFF_FFFF]
        return key(homes[number % homes.count], UInt64(number))
    }

    @Test(arguments: seeds(6, long: 500))
    func `finds what a dictionary finds`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var table = PlaceTable()
        var places: [Int: Int] = [:]
        var numbers: [Int: Int] = [:]
        let size = random.pick([10, 100, 700, 1_500])
        for step in 0..<3_000 {
            let number = Int.random(in: 0..<size, using: &random)
            let key = Self.key(number)
            let found = table.first(of: key) { numbers[$0] == number }
            if found != places[number] {
                Issue.record("step \(step): \(String(describing: found))")
                return
            }
            if let place = found {
                table.remove(place, of: key)
                places[number] = nil
                numbers[place] = nil
            } else {
                // Places are used again, as those of a ring are.
                let place = number * 7 % (size * 8)
                guard numbers[place] == nil else { continue }
                table.insert(place, of: key)
                places[number] = place
                numbers[place] = number
            }
        }
        for number in 0..<size {
            #expect(table.first(of: Self.key(number)) { numbers[$0] == number } == places[number])
        }
    }

    @Test func `grows with what is in it`() {
        var table = PlaceTable()
        var random = SplitMix64(seed: 1)
        let keys = (0..<5_000).map { _ in
            Self.key(UInt64(UInt32.random(in: 0 ... .max, using: &random)), 1)
        }
        for (place, key) in keys.enumerated() { table.insert(place, of: key) }
        for (place, key) in keys.enumerated()
        where table.first(of: key, where: { $0 == place }) != place {
            Issue.record("place \(place) is lost")
        }
        for (place, key) in keys.enumerated() { table.remove(place, of: key) }
        for key in keys where table.first(of: key, where: { _ in true }) != nil {
            Issue.record("a place is left")
        }
    }

    @Test func `asks for the right one among equals`() {
        var table = PlaceTable()
        let key = Self.key(77, 0)
        for place in 0..<4 { table.insert(place, of: key) }
        var asked: [Int] = []
        #expect(
            table.first(of: key) {
                asked.append($0); return $0 == 2
            } == 2)
        #expect(asked == [0, 1, 2])
        table.remove(1, of: key)
        #expect(table.first(of: key) { $0 == 1 } == nil)
        #expect(table.first(of: key) { $0 == 3 } == 3)
    }
}
