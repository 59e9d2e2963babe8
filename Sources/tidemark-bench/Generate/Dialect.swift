import ArgumentParser

/// The three shapes in which agents' hooks send the same event, and a blend of them: a decoder
/// that is only ever fed one shape is not tested.
enum Dialect: String, CaseIterable, ExpressibleByArgument {
    case native, reference, raw, mixed

    /// The shape of one line.
    func pick(_ random: inout Xoshiro256) -> Dialect {
        guard self == .mixed else { return self }
        let share = random.below(10)
        return share < 6 ? .native : share < 9 ? .reference : .raw
    }
}
