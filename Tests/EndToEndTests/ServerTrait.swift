import ServerSupport
import Testing

/// One server for all tests of a suite. It must end well, and have failed at nothing meanwhile.
struct ServerTrait: SuiteTrait, TestScoping {
    let arguments: [String]

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let server = try ServerProcess.start(folder: folder.path, arguments: arguments)
        try await ServerProcess.$ofSuite.withValue(server) { try await body() }
        #expect(server.terminate() == 0)
        #expect(server.errorText == "")
    }
}

extension SuiteTrait where Self == ServerTrait {
    static func server(_ arguments: String...) -> Self {
        Self(arguments: arguments)
    }
}

extension ServerProcess {
    @TaskLocal fileprivate static var ofSuite: ServerProcess?

    /// The server that the suite's trait has started.
    static func shared() throws -> ServerProcess { try #require(ofSuite) }
}
