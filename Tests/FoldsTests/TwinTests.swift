import Testing
import TestSupport

/// Folds, stores and restarts against one reading of the log from end to end.
@Suite struct `A fold that crashes` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test(arguments: seeds(20, long: 3_000))
    func `has counted every line once in all five intervals`(seed: UInt64) async throws {
        let log = RandomLog(seed: seed)
        let limits = RandomLimits(seed: seed)
        var twin = NaiveTwin(limits.twin)
        for place in 0..<log.count { twin.add(log[place]) }
        var folds = try CrashingFolds(seed: seed, log, limits, folder)
        let comparison = try await TwinComparison(folds.run(), twin)
        #expect(comparison.differences.prefix(5) == [])
    }
}
