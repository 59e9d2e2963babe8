import Foundation
import ServerSupport
import Testing

extension `Crash tests` {
    @Suite struct `No crash but a graceful shutdown` {
        private let folder: TemporaryFolder
        private let load: Load
        /// The named limit, and what a loaded machine needs beside it.
        private static let secondsMax = 3
        private static let marginSeconds = 5.0

        init() throws {
            folder = try TemporaryFolder()
            load = Load(ledger: Ledger(), seed: 1)
        }

        private func start() throws -> ServerProcess {
            try ServerProcess.start(
                folder: folder.path,
                arguments: ["--set", "shutdown_seconds_max=\(Self.secondsMax)"])
        }

        /// - Returns: the exit status; nil where it did not end in time, and was killed.
        private static func end(_ server: ServerProcess) throws -> Int32? {
            let status = Status()
            _ = try onThreads(2) { number in
                if number == 0 {
                    status.set(server.terminate())
                } else {
                    let seconds = Double(secondsMax) + marginSeconds
                    if !eventually(withinSeconds: seconds, { status.value != nil }) {
                        status.isLate.set()
                        server.kill()
                    }
                }
            }
            return status.isLate.isSet ? nil : status.value
        }

        private func checkAfterRestart() throws {
            let server = try start()
            #expect(try StoredEvents(of: server).faults(load.ledger) == [])
            try load.deliverTheRest(to: server)
            #expect(try StoredEvents(of: server).faultsIfAllIsThere(load.ledger) == [])
            #expect(try Self.end(server) == 0)
            try expectVerified(folder.path)
        }

        @Test func `loses nothing under load and exits with 0`() throws {
            let server = try start()
            let status = Status()
            try load.run(server) {
                try load.waitForEvents(300)
                status.set(try Self.end(server) ?? -1)
            }
            #expect(status.value == 0)
            #expect(try StoredEvents(files: folder.path).faults(load.ledger) == [])
            #expect(try StoredSamples(files: folder.path).faults(load.ledger) == [])
            try expectVerified(folder.path)
            try checkAfterRestart()
        }

        @Test func `does not wait for idle connections`() throws {
            let server = try start()
            let connections = try (0..<20).map { _ in try server.connect() }
            for connection in connections.prefix(10) {
                #expect(try connection.request("GET", "/healthz").status == 200)
            }
            let start = ContinuousClock.now
            #expect(try Self.end(server) == 0)
            #expect(ContinuousClock.now - start < .seconds(Self.secondsMax))
            #expect(connections.allSatisfy { $0.isClosedByPeer() })
        }

        @Test func `waits for a slow body no longer than its limit`() throws {
            let server = try start()
            let connection = try server.connect()
            let events = (0..<3).map { SentEvent(id: "e\($0)") }
            load.ledger.sends(events)
            #expect(try connection.post("/events", events[0].json).status == 200)
            load.ledger.acknowledges([events[0]], lastID: 1, position: 0)
            try connection.sendHead(
                "POST", "/events",
                headers: ["Content-Type": "application/x-ndjson", "Content-Length": "100000"])
            try connection.send(events[1].json + "\n" + events[2].json.dropLast(9))
            #expect(try Self.end(server) == 0)
            try checkAfterRestart()
        }

        @Test func `is asked for twice without harm`() throws {
            let server = try start()
            #expect(try server.connect().post("/events", SentEvent(id: "a").json).status == 200)
            Glibc.kill(server.pid, SIGTERM)
            #expect(try Self.end(server) == 0)
        }
    }
}

private final class Status: Sendable {
    let isLate = Flag()
    private let state = Shared<Int32?>(nil)

    var value: Int32? { state.value }

    func set(_ status: Int32) { state.value = status }
}
