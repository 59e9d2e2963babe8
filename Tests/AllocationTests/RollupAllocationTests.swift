import CAllocationCounter
import Rollup
import TimeSeries
import Testing

/// Blocks that a piece of synchronous code asks the heap for, once it has run before.
func allocations(_ body: () -> Void) -> UInt {
    // The first run makes metadata of types, tables and room.
    body()
    let before = allocation_count()
    body()
    return allocation_count() - before
}

/// Without optimisation each change in an array's element takes a block for its coroutine.
let canCount: Bool = {
    #if DEBUG
        false
    #else
        allocation_counter_works() == 1
    #endif
}()

@Suite(.enabled(if: canCount)) struct `Nothing is allocated` {
    private static let values = (1...500).map { Quantity(parts: Int128($0 * $0) * 1_000) }
    private static let minute = Timestamp(milliseconds: 60_000)

    @Test func `but for what is`() {
        var sink: [Int] = []
        #expect(allocations { sink = Array(1...100) } > 0)
        #expect(sink.count == 100)
    }

    @Test(arguments: MetricKind.allCases)
    func `to add to a bucket of the running minute`(kind: MetricKind) {
        var table = BucketTable()
        let count = allocations {
            for (place, value) in Self.values.enumerated() {
                let time = Self.minute.advanced(byMilliseconds: Int64(place * 100))
                table.add(value, at: time, to: SeriesID(UInt32(place % 7)), kind: kind)
            }
        }
        #expect(count == 0)
        #expect(table.count == 7)
    }

    @Test func `to add to a bucket of an older minute`() {
        var table = BucketTable()
        let count = allocations {
            for (place, value) in Self.values.enumerated() {
                let time = Self.minute.advanced(byMilliseconds: Int64(place % 5) * 60_000)
                table.add(value, at: time, to: SeriesID(0), kind: .distribution)
            }
        }
        #expect(count == 0)
        #expect(table.count == 5)
    }

    @Test func `to find a series and count its sample`() throws {
        var table = SeriesTable()
        let keys = (0..<50).map { SeriesKey(metric: "m", tags: [.init("k", "\($0)")]).canonical }
        let count = allocations {
            for key in keys {
                _ = try? table.observe(
                    key.span, kind: .counter, sum: 1, at: .first, now: Self.minute)
            }
        }
        #expect(count == 0)
        #expect(table.count == 50)
    }

    @Test func `to find that a series has no room`() throws {
        var limits = SeriesTable.Limits()
        limits.liveSeriesPerMetricMax = 1
        var table = SeriesTable(limits: limits)
        let keys = (0..<50).map { SeriesKey(metric: "m", tags: [.init("k", "\($0)")]).canonical }
        let count = allocations {
            for key in keys {
                _ = try? table.observe(
                    key.span, kind: .counter, sum: 1, at: .first, now: Self.minute)
            }
        }
        #expect(count == 0)
        #expect(table.count == 2)
    }

    @Test func `to read and write a number`() {
        let text = Array("12345678901234567890.123456789".utf8)
        var output: [UInt8] = []
        let count = allocations {
            output.removeAll(keepingCapacity: true)
            guard let quantity = try? Quantity(decimal: text.span, range: 0..<text.count) else {
                return
            }
            output.append(decimalOf: quantity.parts, scale: .millionths)
            output.append(ordered: quantity.parts)
        }
        #expect(count == 0)
        #expect(output.count == 27 + 16)
    }

    @Test func `to write a sketch, and to tell its quantiles`() {
        var sketch = Sketch()
        for value in Self.values { sketch.add(value) }
        let (min, max) = (Self.values[0], Self.values[499])
        var (output, quantile): ([UInt8], Quantity?) = ([], nil)
        let count = allocations {
            output.removeAll(keepingCapacity: true)
            sketch.appendBlob(to: &output)
            quantile = sketch.quantile(.p95, min: min, max: max)
        }
        #expect(count == 0)
        #expect(quantile != nil && output.count > 100)
    }
}
