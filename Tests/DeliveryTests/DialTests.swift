import Delivery
import Storage
import Synchronization
import Testing
import TestSupport

@Suite struct `The address that was checked` {
    /// Names whose addresses change from one question to the next.
    private final class Names: Sendable {
        private let answers: Mutex<[[String]]>
        init(_ answers: [[String]]) { self.answers = Mutex(answers) }

        var resolver: Resolver {
            Resolver { [self] _ in
                answers.withLock { answers in
                    let next = answers.count > 1 ? answers.removeFirst() : answers[0]
                    return next.compactMap { IPAddress($0) }
                }
            }
        }
    }

    @Test func `is the one that is dialled, under the name`() async throws {
        let receiver = try await Receiver([.ok])
        // No name server knows this name: only the checked address leads anywhere.
        let host = "hook.invalid:\(receiver.port)"
        var deliveries = try Deliveries([host])
        deliveries.resolver = Names([["127.0.0.1"]]).resolver
        let all = deliveries
        try await all.add("a", "http://\(host)/x")
        try await all.commit(1...3)
        try await all.run {
            try await expectEventually { try await all.states("a").allSatisfy { $0 == .delivered } }
        }
        #expect(receiver.received.allSatisfy { $0.headers["host"] == host })
    }

    @Test func `is not another one by the time of dialling`() async throws {
        let receiver = try await Receiver([.ok])
        // The system would say 127.0.0.1 for this name; what was checked is an address where nobody is.
        let host = "localhost:\(receiver.port)"
        var deliveries = try Deliveries([host])
        deliveries.limits.connectMillisecondsMax = 200
        deliveries.resolver = Names([["127.255.1.1"], ["127.0.0.9"]]).resolver
        let all = deliveries
        try await all.add("a", "http://\(host)/x")
        try await all.commit(1...1)
        try await all.run {
            try await expectEventually { try await all.states("a") == [.failed] }
        }
        #expect(receiver.connections == 0)
    }

    @Test(arguments: [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["169.254.169.254"], []])
    func `is checked at each attempt, whatever it was before`(second: [String]) async throws {
        let receiver = try await Receiver([.status(500)])
        let host = "hook.invalid:\(receiver.port)"
        var deliveries = try Deliveries([])
        deliveries.limits.retryMilliseconds = [0]
        deliveries.resolver = Names([second]).resolver
        let all = deliveries
        try await all.add("a", "http://\(host)/x")
        try await all.commit(1...1)
        try await all.run {
            try await expectEventually { try await all.states("a") == [.failed] }
        }
        #expect(receiver.connections == 0)
        let row = try await all.store.outbox.deliveries(of: "a", limit: 1)[0]
        #expect(row.lastError?.contains("address") == true)
    }

    @Test func `takes turns with the others of its host`() async throws {
        let receiver = try await Receiver([.ok])
        let host = "hook.invalid:\(receiver.port)"
        var deliveries = try Deliveries([host])
        deliveries.resolver = Names([["127.255.1.1", "127.0.0.1"]]).resolver
        let all = deliveries
        try await all.add("a", "http://\(host)/x")
        try await all.commit(1...1)
        try await all.run {
            try await expectEventually { try await all.states("a") == [.delivered] }
        }
        #expect(try await all.store.outbox.deliveries(of: "a", limit: 1)[0].attempts == 2)
    }

    @Test func `is loopback's only for whom it is allowed`() async throws {
        let receiver = try await Receiver([.ok])
        var deliveries = try Deliveries(["127.0.0.1:\(receiver.port + 1)"])
        deliveries.limits.retryMilliseconds = [0]
        let all = deliveries
        try await all.add("a", receiver.url)
        try await all.commit(1...1)
        try await all.run {
            try await expectEventually { try await all.states("a") == [.failed] }
        }
        #expect(receiver.connections == 0)
        let row = try await all.store.outbox.deliveries(of: "a", limit: 1)[0]
        #expect(row.lastError?.contains("webhook_allow_hosts") == true)
    }
}
