import Foundation
import ServerSupport
import Testing

@Suite struct `When a server ends` {
    @Test func `a thousand open streams are told so, and closed within the limit`() throws {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(
            folder: folder.path, arguments: ["--set", "stream_close_seconds_max=1"])
        let clients = try (0..<1_000).map { number in
            let client = try WebSocketClient(port: server.port)
            if number % 10 == 0 { try client.subscribe() }
            return client
        }
        let sent = try server.connect()
        try sent.sendHead("GET", "/events/stream")
        _ = try sent.readHead()
        let start = ContinuousClock.now
        // Half of them answer, as browsers do; the others are cut.
        kill(server.pid, SIGTERM)
        for (number, client) in clients.enumerated() {
            var frame = try client.readFrame()
            while frame.opcode != 8 { frame = try client.readFrame() }
            #expect(frame.code == 1_001)
            if number % 2 == 0 { try client.send(opcode: 8, Array(frame.payload.prefix(2))) }
        }
        #expect(clients.allSatisfy { $0.connection.isClosedByPeer() })
        #expect(try sent.readToEnd().hasSuffix("0\r\n\r\n"))
        #expect(server.terminate() == 0)
        #expect(.now - start < .seconds(10))
        #expect(server.errorText == "")
    }

    @Test(arguments: [false, true])
    func `who comes back with since has every event once`(isKilled: Bool) throws {
        let folder = try TemporaryFolder()
        var server = try ServerProcess.start(folder: folder.path)
        var heard: [Int] = []
        var stored: [Int] = []
        for round in 0..<4 {
            let client = try WebSocketClient(port: server.port)
            try client.subscribe(since: heard.last ?? 0)
            let posted = try onThreads(2) { [server] _ in
                try (0..<40).map { _ in Int(try server.store(SampleEvent("app")).id) }
            }
            stored += posted.flatMap(\.self).sorted()
            // It leaves in the middle of what there is for it.
            let isLast = round == 3
            let count = isLast ? stored.count - heard.count : (stored.count - heard.count) / 2
            heard += try client.read(count, "event").compactMap(\.id)
            client.connection.reset()
            if isKilled { server.kill() } else { server.terminate() }
            server = try ServerProcess.start(folder: folder.path)
        }
        #expect(heard == stored)
    }
}
