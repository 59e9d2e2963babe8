import Foundation
import ServerSupport
import Testing
import TestSupport

/// What those who receive webhooks use to check them: the library of the standard's authors from PyPI.
@Suite struct `The library of Standard Webhooks` {
    private static let isInstalled =
        (try? CommandRun("/usr/bin/env", ["python3", "-c", "import standardwebhooks"]))?.status
        == 0

    private static let program = """
        import json, sys
        from standardwebhooks.webhooks import Webhook
        for line in sys.stdin:
            message = json.loads(line)
            Webhook(sys.argv[1]).verify(message["body"], message["headers"])
            try:
                Webhook(sys.argv[1]).verify(message["body"] + " ", message["headers"])
            except Exception:
                print("verified")
        """

    @Test(.enabled(if: isInstalled, "needs: pip install standardwebhooks"))
    func `takes what is sent, and nothing that was changed`() async throws {
        let receiver = try await Receiver([.ok])
        let deliveries = try Deliveries([receiver.host])
        for format in ["standard", "slack", "alertmanager", "alertmanager-api"] {
            try await deliveries.add(format, receiver.url, format: format)
        }
        try await deliveries.commit(1...3)
        try await deliveries.run {
            try await expectEventually { receiver.received.count == 12 }
        }
        let lines = try receiver.received.map { message in
            let object: [String: Any] = ["body": message.text, "headers": message.headers]
            return String(
                decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
        }
        let folder = try ScratchFolder()
        try folder.write(Array(lines.joined(separator: "\n").utf8), to: "messages")
        try folder.write(Array(Self.program.utf8), to: "verify.py")
        let run = try CommandRun(
            "/bin/sh",
            [
                "-c", "python3 \"$0\"/verify.py \"$1\" < \"$0\"/messages", folder.path,
                Deliveries.secret,
            ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == String(repeating: "verified\n", count: 12))
    }
}
