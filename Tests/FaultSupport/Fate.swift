internal import TestSupport

/// Decides what of the unsynced survives: all, nothing, or what a seeded generator says.
struct Fate {
    private var generator: SplitMix64
    private let keepsAll: Bool
    private let keepsNothing: Bool
    /// How likely a change survives. Drawn once, so that runs which keep nearly all and runs which
    /// keep nearly nothing both come up, however many changes there are.
    private let chance: Double
    let ordersNames: Bool

    init(mode: PowerLoss.Mode) {
        switch mode {
        case .keepEverything: self.init(seed: 0, keepsAll: true, ordersNames: true)
        case .dropEverythingUnsynced: self.init(seed: 0, keepsNothing: true, ordersNames: true)
        case .random(let seed): self.init(seed: seed, ordersNames: true)
        case .adversarial(let seed): self.init(seed: seed, ordersNames: false)
        }
    }

    private init(
        seed: UInt64, keepsAll: Bool = false, keepsNothing: Bool = false, ordersNames: Bool
    ) {
        var generator = SplitMix64(seed: seed)
        chance = Double.random(in: 0...1, using: &generator)
        self.generator = generator
        self.keepsAll = keepsAll
        self.keepsNothing = keepsNothing
        self.ordersNames = ordersNames
    }

    mutating func keeps() -> Bool {
        keepsAll || (!keepsNothing && Double.random(in: 0...1, using: &generator) < chance)
    }

    /// One of the versions; all of them must be legal. The first is the oldest.
    mutating func version(in versions: ClosedRange<Int>) -> Int {
        let older = versions.lowerBound..<versions.upperBound
        if older.isEmpty || keeps() { return versions.upperBound }
        return keepsNothing ? versions.lowerBound : number(in: older)
    }

    /// Seldom enough that whole blocks are the rule.
    mutating func tears() -> Bool {
        !keepsAll && !keepsNothing && Int.random(in: 0..<4, using: &generator) == 0
    }

    mutating func number(in range: Range<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    mutating func coin() -> Bool {
        Bool.random(using: &generator)
    }
}
