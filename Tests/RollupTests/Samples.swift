import Foundation
import Rollup
import TestSupport
import TimeSeries

/// Random quantities of several shapes, the same for the same seed.
enum Samples: CaseIterable {
    case lognormal, bimodal, heavyTailed, everywhere, signed, few

    func quantities(_ count: Int, _ random: inout SplitMix64) -> [Quantity] {
        (0..<count).map { _ in one(&random) }
    }

    private func one(_ random: inout SplitMix64) -> Quantity {
        switch self {
        case .lognormal: Self.quantity(55 * exp(0.8 * Self.normal(&random)))
        case .bimodal:
            Self.quantity((random.isOnce(in: 3) ? 900 : 2) * exp(0.1 * Self.normal(&random)))
        case .heavyTailed: Self.quantity(pow(Self.unit(&random), -1.5))
        case .everywhere: Self.everywhere(&random)
        case .signed:
            Quantity(parts: Self.everywhere(&random).parts * (random.isOnce(in: 2) ? -1 : 1))
        case .few: Quantity(parts: Int128(random.pick([0, 1, 2, -3, 1_000_000])))
        }
    }

    /// Every octave of what a quantity may be, zero too.
    private static func everywhere(_ random: inout SplitMix64) -> Quantity {
        let octave = Int128(1) << Int128(random.pick(0...86))
        return Quantity(
            parts: min(Quantity.magnitudeMax, Int128.random(in: 0...octave, using: &random)))
    }

    private static func quantity(_ value: Double) -> Quantity {
        (try? Quantity(value)) ?? Quantity(parts: Quantity.magnitudeMax)
    }

    private static func unit(_ random: inout SplitMix64) -> Double {
        Double.random(in: 0x1p-40..<1, using: &random)
    }

    /// Box and Muller's.
    private static func normal(_ random: inout SplitMix64) -> Double {
        (-2 * log(unit(&random))).squareRoot() * cos(2 * .pi * unit(&random))
    }
}

extension Sketch {
    init(of values: some Sequence<Quantity>, scale: QuantityScale = .millionths) {
        self.init()
        for value in values { add(value, scale: scale) }
    }
}
