import KPI
import Rollup
import Testing
import TimeSeries

private func bucket(_ values: [Int64], _ kind: MetricKind, at minute: Int64 = 0) -> Bucket {
    let quantities = values.map { Quantity(parts: Int128($0) * 1_000_000) }
    let start = minute * 60_000
    var bucket = Bucket(quantities[0], at: Timestamp(milliseconds: start), kind: kind)
    for (offset, value) in quantities.enumerated().dropFirst() {
        bucket.add(value, at: Timestamp(milliseconds: start + Int64(offset)))
    }
    return bucket
}

@Suite struct `A window` {
    @Test(
        arguments: [
            ("avg", "3.5"), ("sum", "21"), ("min", "1"), ("max", "6"), ("last", "6"),
            // Six samples in two minutes.
            ("rate", "0.05"),
        ])
    func `of a gauge has its numbers`(name: String, value: String) throws {
        let minutes = [bucket([1, 2, 3], .gauge), bucket([4, 5, 6], .gauge, at: 1)]
        let window = try #require(KPIWindow(minutes, kind: .gauge, scale: .millionths))
        let aggregation = try #require(KPIDefinition.Aggregation(name: name))
        #expect(window.value(aggregation, windowMilliseconds: 120_000)?.decimal() == value)
        #expect(aggregation.name == name)
    }

    @Test func `of a counter has its sum a second`() throws {
        let window = try #require(
            KPIWindow([bucket([30, 30], .counter)], kind: .counter, scale: .millionths))
        #expect(window.value(.rate, windowMilliseconds: 60_000)?.decimal() == "1")
        #expect(window.value(.quantile(.p95), windowMilliseconds: 60_000) == nil)
    }

    @Test func `has quantiles of all samples`() throws {
        let minutes = (0..<5).map { (minute: Int64) in
            let first = minute * 20 + 1
            return bucket(Array(first..<first + 20), .distribution, at: minute)
        }
        let window = try #require(KPIWindow(minutes, kind: .distribution, scale: .millionths))
        let value = try #require(window.value(.quantile(.p95), windowMilliseconds: 300_000))
        #expect(abs(value.asDouble(scale: .millionths) - 95) < 95 * 0.0054)
    }

    @Test func `of finer parts is rounded to millionths, half to even`() throws {
        for (parts, rounded) in [
            (500, 0), (501, 1), (1_500, 2), (2_500, 2), (-500, 0), (-1_500, -2),
        ] {
            let bucket = Bucket(
                Quantity(parts: Int128(parts)), at: Timestamp(milliseconds: 0), kind: .gauge,
                scale: .billionths)
            let window = try #require(KPIWindow([bucket], kind: .gauge, scale: .billionths))
            #expect(window.value(.max, windowMilliseconds: 60_000)?.parts == Int128(rounded))
        }
    }

    @Test func `without samples is none`() {
        #expect(KPIWindow([], kind: .gauge, scale: .millionths) == nil)
    }

    @Test func `is a share of another`() throws {
        let part = KPIWindow([bucket([1], .counter)], kind: .counter, scale: .millionths)
        let whole = KPIWindow(
            [bucket([9, 9, 9], .distribution)], kind: .distribution, scale: .millionths)
        #expect(KPIWindow.ratio(of: part, to: whole)?.decimal() == "0.333333")
        #expect(KPIWindow.ratio(of: nil, to: whole)?.decimal() == "0")
        #expect(KPIWindow.ratio(of: part, to: nil) == nil)
        let nothing = KPIWindow([bucket([0], .counter)], kind: .counter, scale: .millionths)
        #expect(KPIWindow.ratio(of: part, to: nothing) == nil)
    }
}
