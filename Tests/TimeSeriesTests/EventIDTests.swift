import TimeSeries
import Testing

@Suite struct `An event's id` {
    @Test func `is ordered by its number`() {
        #expect(EventID.none < EventID.first)
        #expect(EventID(9) < EventID(10))
        #expect(EventID(10) < EventID.last)
        #expect(!(EventID(10) < EventID(10)))
        #expect(EventID.first.advanced(by: 41) == EventID(42))
        #expect(EventID.none.advanced(by: 1) == .first)
        #expect(EventID.last.description == "18446744073709551615")
    }
}
