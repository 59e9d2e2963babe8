import TimeSeries
import Testing

@Suite struct `A filter` {
    @Test(
        arguments: [
            \EventFilter.sessionIDs, \.sourceApps, \.types, \.agentIDs,
        ] as [any WritableKeyPath<EventFilter, [String]> & Sendable])
    func `is empty until it says something`(
        path: any WritableKeyPath<EventFilter, [String]> & Sendable
    ) {
        var filter = EventFilter()
        #expect(filter.isEmpty)
        filter[keyPath: path] = ["x"]
        #expect(!filter.isEmpty)
    }

    @Test func `is not empty with a border or a text`() {
        var filter = EventFilter()
        filter.from = Timestamp(milliseconds: 0)
        #expect(!filter.isEmpty)
        filter = EventFilter()
        filter.to = Timestamp(milliseconds: 0)
        #expect(!filter.isEmpty)
        filter = EventFilter()
        filter.text = ""
        #expect(!filter.isEmpty)
    }
}
