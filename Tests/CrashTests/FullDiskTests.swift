import Foundation
import ServerSupport
import Testing

extension `Crash tests` {
    @Suite(.enabled(if: Tmpfs.isPermitted, "mounting a file system is not permitted here"))
    struct `A disk that is really full and no crash` {
        @Test func `refuses events until there is room again`() throws {
            let disk = try Tmpfs(size: "3m")
            let data = disk.path + "/data"
            let load = Load(clients: 4, ledger: Ledger(), seed: 1)
            let server = try ServerProcess.start(
                folder: data, arguments: ["--set", "partition_bytes_max=300000"])
            try load.run(server) {
                try load.waitForEvents(100)
                try disk.fill("filler")
                let connection = try server.connect()
                try load.waitUntil("the disk is full") {
                    try connection.request("GET", "/readyz").status == 503
                }
            }
            let connection = try server.connect()
            let known = try StoredEvents(of: server)
            #expect(known.faults(load.ledger) == [])
            let refusal = try connection.post("/events", SentEvent(id: "no", padBytes: 9_000).json)
            #expect(refusal.status == 503 && refusal.text.contains("no_space"))
            #expect(try StoredEvents(of: server).ids == known.ids)
            try disk.remove("filler")
            try load.deliverTheRest(to: server)
            #expect(try connection.request("GET", "/readyz").status == 200)
            #expect(try StoredEvents(of: server).faultsIfAllIsThere(load.ledger) == [])
            #expect(try StoredSamples(files: data).faults(load.ledger) == [])
            server.kill()
            try expectVerified(data, mayBeEmpty: true)
            let again = try ServerProcess.start(folder: data)
            #expect(try StoredEvents(of: again).faultsIfAllIsThere(load.ledger) == [])
            #expect(again.terminate() == 0)
            try expectVerified(data)
        }

        @Test func `is no reason not to start and be read`() throws {
            let disk = try Tmpfs(size: "1m")
            let data = disk.path + "/data"
            let load = Load(clients: 2, ledger: Ledger(), seed: 2)
            let server = try ServerProcess.start(folder: data)
            try load.run(server) {
                try load.waitForEvents(20)
                server.kill()
            }
            try disk.fill("filler")
            let again = try ServerProcess.start(folder: data)
            #expect(try StoredEvents(of: again).faults(load.ledger) == [])
            let refusal = try again.connect().post(
                "/events", SentEvent(id: "no", padBytes: 9_000).json)
            #expect(refusal.status == 503)
            try disk.remove("filler")
            try load.deliverTheRest(to: again)
            #expect(again.terminate() == 0)
            try expectVerified(data)
        }
    }
}
