import FaultSupport
import Foundation
import ServerSupport
import Testing
import TestSupport

extension `Crash tests` {
    @Suite struct `A disk without crash that is` {
        /// Those who send find out that it is mended, and so do those who only ask whether it is ready.
        private static let cases =
            DiskFault.all.map { ($0, true) }
            + DiskFault.all.prefix(isLongRun ? .max : 1).map { ($0, false) }

        @Test(arguments: cases)
        func `mended later refuses events, is read all the while, and needs no restart`(
            fault: DiskFault, hasEvents: Bool
        ) throws {
            let disk = try FaultyDisk()
            let server = try disk.start()
            var probe = try Probe(server)
            if hasEvents { try probe.stores(["e0", "e1", "e2"]) }
            for fault in fault.faults { try disk.control.set(fault) }
            #expect(
                try eventually {
                    try probe.isRefused(["f0"])
                    return try disk.control.hits(of: fault.call) > 0
                })
            try probe.isRefused(["f1", "f2", "f3"])
            try probe.isRefused(["f0"])
            try probe.readsGoOn()
            try disk.control.set(.clear)
            if hasEvents {
                try probe.comesBack(["f0"])
            } else {
                try probe.becomesReady()
                try probe.stores(["f0"])
            }
            try probe.stores(["f1", "f2", "f3"])
            try probe.stores(["g0"])
            try probe.hasAllOnce()
            try probe.storesSample()
            server.kill()
            try expectVerified(disk.data, mayBeEmpty: true)
            let again = try disk.startWithoutShim()
            probe = try Probe(again, probe.stored)
            try probe.hasAllOnce()
            try probe.stores(["h0"])
            try probe.hasAllOnce()
            #expect(again.terminate() == 0)
            try expectVerified(disk.data)
        }

        @Test(arguments: seeds(1, long: 10))
        func `failing again and again under load gets every event in the end, once`(
            seed: UInt64
        ) throws {
            var random = SplitMix64(seed: seed)
            let disk = try FaultyDisk()
            let load = Load(ledger: Ledger(), seed: seed)
            let server = try disk.start(["--set", "partition_bytes_max=65536"])
            let storms = random.next()
            try load.run(server) {
                var random = SplitMix64(seed: storms)
                for _ in 0..<(isLongRun ? 100 : 8) {
                    try load.waitForEvents(Int.random(in: 1...40, using: &random))
                    try DiskFault.storm(&random, disk.control)
                }
            }
            try load.deliverTheRest(to: server)
            let found = try StoredEvents(of: server).faultsIfAllIsThere(load.ledger)
            #expect(found == [], "\(found)")
            #expect(try StoredSamples(files: disk.data).faults(load.ledger) == [])
            server.kill()
            try expectVerified(disk.data, mayBeEmpty: true)
            let again = try disk.startWithoutShim()
            #expect(try StoredEvents(of: again).faultsIfAllIsThere(load.ledger) == [])
            #expect(again.terminate() == 0)
            try expectVerified(disk.data)
        }
    }
}

/// A sender and reader who knows exactly what the server must have.
private struct Probe {
    private(set) var stored: [String]
    private let connection: HTTPConnection

    init(_ server: ServerProcess, _ stored: [String] = []) throws {
        connection = try server.connect()
        self.stored = stored
    }

    private func post(_ ids: [String]) throws -> HTTPAnswer {
        if ids.count == 1 { return try connection.post("/events", SentEvent(id: ids[0]).json) }
        let body = ids.map { SentEvent(id: $0).json + "\n" }.joined()
        return try connection.request(
            "POST", "/events", headers: ["Content-Type": "application/x-ndjson"],
            body: Array(body.utf8))
    }

    mutating func stores(_ ids: [String]) throws {
        let answer = try post(ids)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.headers["tidemark-duplicate"] == nil)
        stored += ids
    }

    func storesSample() throws {
        let sample = #"{"metric":"crash.gauge","kind":"gauge","value":1.5}"#
        let answer = try connection.post("/metrics", sample)
        #expect(answer.status == 200, "\(answer.text)")
    }

    mutating func comesBack(_ ids: [String]) throws {
        let isBack = try eventually { try post(ids).status == 200 }
        #expect(isBack)
        stored += ids
        try becomesReady()
    }

    func becomesReady() throws {
        let isReady = try eventually {
            try connection.request("GET", "/readyz").status == 200
        }
        #expect(isReady)
    }

    func isRefused(_ ids: [String]) throws {
        let answer = try post(ids)
        #expect(answer.status == 503)
        #expect(answer.headers["retry-after"] == "1")
        #expect(answer.text.contains("\"code\":\"log_unavailable\""))
    }

    /// Alive but not ready; all that was acknowledged can be read, and nothing else.
    func readsGoOn() throws {
        #expect(try connection.request("GET", "/healthz").status == 200)
        let ready = try connection.request("GET", "/readyz")
        #expect(ready.status == 503 && ready.text.contains("log_unavailable"))
        try hasAllOnce()
        for id in 1...stored.count + 6 {
            let status = try connection.request("GET", "/events/\(id)").status
            #expect(status == (id <= stored.count ? 200 : 404))
        }
        let options = try connection.request("GET", "/events/filter-options")
        #expect(options.text.contains("crash") == !stored.isEmpty)
    }

    func hasAllOnce() throws {
        let lines = try connection.request(
            "GET", "/events?order=asc", headers: ["Accept": "application/x-ndjson"])
        let streamed = StoredEvents(ndjson: lines.body)
        #expect(streamed.eventIDs == stored)
        #expect(streamed.faults == [])
        let page = try connection.request("GET", "/events?limit=1000")
        let object = try JSONSerialization.jsonObject(with: Data(page.body)) as? [String: Any]
        let events = object?["events"] as? [[String: Any]]
        #expect(events?.compactMap { $0["event_id"] as? String } == stored.reversed())
    }
}
