import ArgumentParser

/// The three shapes in which agents' hooks send the same event, and a blend of them: a decoder
/// that is only ever fed one shape is not tested.
enum Dialect: String, CaseIterable, ExpressibleByArgument {
    case native, reference, raw, mixed
    /// The native shape for databases that have nothing but columns: times in milliseconds, and
    /// the event's own data as a string.
    case columns

    /// The shape of one line.
    func pick(_ random: inout Xoshiro256) -> Dialect {
        guard self == .mixed else { return self }
        let share = random.below(10)
        return share < 6 ? .native : share < 9 ? .reference : .raw
    }
}
