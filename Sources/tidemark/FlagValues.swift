internal import ArgumentParser
internal import TimeSeries

/// The width of a bucket as a flag's value: `5m`.
struct IntervalArgument: ExpressibleByArgument {
    let interval: Interval

    init(_ interval: Interval) {
        self.interval = interval
    }

    init?(argument: String) {
        guard let interval = Interval(name: argument) else { return nil }
        self.interval = interval
    }

    var defaultValueDescription: String { interval.name }
    static var allValueStrings: [String] { Interval.allCases.map(\.name) }
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

/// One of an enumeration's names as a flag's value.
struct NameArgument<Value: CaseIterable & RawRepresentable<String>>: ExpressibleByArgument {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }

    init?(argument: String) {
        guard let value = Value(rawValue: argument) else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { value.rawValue }
    static var allValueStrings: [String] { Value.allCases.map(\.rawValue) }
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}

extension NameArgument: Sendable where Value: Sendable {}
