import Foundation

/// Text of Prometheus' exposition format 0.0.4, read as strictly as its writers must write it.
struct ExpositionText {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    struct Sample {
        let name: String
        /// In their order; values are unescaped.
        let labels: [(name: String, value: String)]
        let value: Double

        func label(_ name: String) -> String? { labels.first { $0.name == name }?.value }

        /// Name and labels but for an edge.
        fileprivate var identity: String {
            name + labels.filter { $0.name != "le" }.map { "\u{0}\($0.name)=\($0.value)" }.joined()
        }
    }

    struct Family {
        let name: String
        let help: String
        let type: String
        fileprivate(set) var samples: [Sample] = []
    }

    private(set) var families: [Family] = []

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Fault(description: "the last line has no end") }
        var help: (name: String, text: String)?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)/) {
                try Self.require(help == nil, line)
                help = (String(match.1), try Self.unescaped(match.2, quotes: false))
            } else if let match = line.wholeMatch(
                of: /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/)
            {
                guard let known = help, known.name == match.1 else { try Self.refuse(line) }
                help = nil
                families.append(
                    Family(name: known.name, help: known.text, type: String(match.2)))
            } else {
                try Self.require(help == nil && !families.isEmpty, line)
                families[families.count - 1].samples.append(try Self.sample(line))
            }
        }
        try checkNames()
        for family in families { try Self.check(family) }
    }

    subscript(family: String) -> Family? { families.first { $0.name == family } }

    private static func require(_ condition: Bool, _ text: some StringProtocol) throws {
        guard condition else { try refuse(text) }
    }

    private static func refuse(_ text: some StringProtocol) throws -> Never {
        throw Fault(description: "not as it must be: \(text)")
    }
}

// MARK: A line

extension ExpositionText {
    private static func sample(_ line: Substring) throws -> Sample {
        guard
            let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.+)\})? (\S+)/),
            let value = Double(match.3 == "+Inf" ? "inf" : match.3)
        else { try refuse(line) }
        return Sample(name: String(match.1), labels: try labels(match.2 ?? ""), value: value)
    }

    private static func labels(_ text: Substring) throws -> [(name: String, value: String)] {
        var labels: [(name: String, value: String)] = []
        var rest = text
        while !rest.isEmpty {
            guard
                let match = rest.prefixMatch(
                    of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\.)*)"(?:,(?=.)|$)/)
            else { try refuse(text) }
            let name = String(match.1)
            try require(name != "__name__" && !labels.contains { $0.name == name }, text)
            labels.append((name, try unescaped(match.2, quotes: true)))
            rest = rest[match.range.upperBound...]
        }
        return labels
    }

    private static func unescaped(_ text: Substring, quotes: Bool) throws -> String {
        var (plain, isEscaped) = ("", false)
        for character in text {
            guard isEscaped else {
                isEscaped = character == "\\"
                if !isEscaped { plain.append(character) }
                continue
            }
            isEscaped = false
            switch character {
            case "\\": plain.append("\\")
            case "n": plain.append("\n")
            case "\"" where quotes: plain.append("\"")
            default: try refuse(text)
            }
        }
        try require(!isEscaped, text)
        return plain
    }
}

// MARK: The whole

extension ExpositionText {
    /// No name is given twice, neither to families nor to what stands in them.
    private func checkNames() throws {
        var names: Set<String> = []
        for family in families {
            let own = family.samples.map(\.name) + [family.name]
            for name in Set(own) { try Self.require(names.insert(name).inserted, name) }
        }
    }

    private static func check(_ family: Family) throws {
        try require(!family.samples.isEmpty, family.name)
        var identities: Set<String> = []
        for sample in family.samples {
            let identity = sample.identity + "\u{0}" + (sample.label("le") ?? "")
            try require(identities.insert(identity).inserted, identity)
        }
        guard family.type == "histogram" else {
            try require(family.samples.allSatisfy { $0.name == family.name }, family.name)
            guard family.type == "counter" else { return }
            try require(family.name.hasSuffix("_total"), family.name)
            return try require(family.samples.allSatisfy { $0.value >= 0 }, family.name)
        }
        var rest = family.samples[...]
        while !rest.isEmpty { try checkHistogram(family.name, &rest) }
    }

    /// Edges that rise, counts that do not fall, the last of them all; then sum and count.
    private static func checkHistogram(_ name: String, _ rest: inout ArraySlice<Sample>) throws {
        let buckets = rest.prefix { $0.name == name + "_bucket" }
        rest = rest.dropFirst(buckets.count)
        guard let sum = rest.popFirst(), sum.name == name + "_sum",
            let count = rest.popFirst(), count.name == name + "_count"
        else { try refuse(name) }
        let edges = buckets.map { Double($0.label("le") == "+Inf" ? "inf" : $0.label("le") ?? "") }
        try require(!edges.contains(nil) && edges.last == .infinity, name)
        let pairs = zip(zip(buckets, edges), zip(buckets, edges).dropFirst())
        for ((one, edge), (next, nextEdge)) in pairs {
            try require(one.identity == next.identity && one.value <= next.value, name)
            try require(edge ?? 0 < nextEdge ?? 0, name)
        }
        try require(buckets.last?.value == count.value, name)
    }
}
