import Foundation
import KPI
import Testing
import TimeSeries

/// The table of the documentation, row by row.
private struct Row: CustomTestStringConvertible, Sendable {
    let from, to: KPIPhase
    let type, effect: String
    let isTold: Bool

    var testDescription: String { "\(from) → \(to)" }

    static let all: [Row] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/KPI/KPI.docc/Transitions.md")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
            }
            guard cells.count == 5, let from = phase(cells[0]), let to = phase(cells[1]) else {
                return nil
            }
            return Row(
                from: from, to: to, type: cells[2], effect: cells[3], isTold: cells[4] == "yes")
        }
    }()

    private static func phase(_ text: String) -> KPIPhase? {
        KPIPhase.allCases.first {
            let isBoth = $0 == .noDataFiring
            return text == $0.status.rawValue + (isBoth ? " (firing)" : "")
        }
    }
}

private func units(_ number: Int64) -> Quantity { Quantity(parts: Int128(number) * 1_000_000) }

/// A definition and a reading that lead to a phase at once, from anywhere.
private func way(to phase: KPIPhase) -> (definition: KPIDefinition, reading: KPIReading) {
    var definition = KPIDefinition(
        name: "latency", source: .metric("m", .max), alert: units(200))
    definition.target = units(100)
    definition.critical = units(500)
    definition.noDataMillisecondsMax = 0
    switch phase {
    case .onTarget: return (definition, .value(units(50)))
    case .offTarget: return (definition, .value(units(150)))
    case .alert: return (definition, .value(units(300)))
    case .critical: return (definition, .value(units(900)))
    case .noData: return (definition, .noData)
    case .noDataFiring:
        definition.noData = .alert
        return (definition, .noData)
    }
}

@Suite struct `The table of transitions` {
    @Test func `has every pair of phases once`() {
        let pairs = Row.all.map { [$0.from, $0.to] }
        let count = KPIPhase.allCases.count
        #expect(pairs.count == count * (count - 1))
        #expect(Set(pairs).count == pairs.count)
    }

    @Test(arguments: Row.all)
    private func `says what a machine does`(row: Row) throws {
        var machine = StatusMachine(at: Timestamp(milliseconds: 0))
        let first = way(to: row.from)
        _ = machine.advance(first.reading, at: Timestamp(milliseconds: 60_000), first.definition)
        #expect(machine.phase == row.from)
        let second = way(to: row.to)
        let next = machine.advance(
            second.reading, at: Timestamp(milliseconds: 120_000), second.definition)
        let transition = try #require(next)
        #expect(machine.phase == row.to && machine.since == Timestamp(milliseconds: 120_000))
        #expect(transition.from == row.from && transition.to == row.to)
        #expect(transition.rule.type.rawValue == row.type)
        #expect(transition.rule.effect.rawValue == row.effect)
        #expect(transition.notifies == row.isTold)
    }
}
