import Retention
import TestSupport
import Testing
import TimeSeries

@Suite struct `A retention plan` {
    private static let hour: Int64 = 3_600_000
    /// 2026-01-05T10:00:00Z.
    private static let now = Timestamp(milliseconds: 1_767_607_200_000)

    /// Partitions of ten lines and a hundred bytes, an hour apart; the newest is still written.
    private static func folder(_ count: Int) -> FolderContents {
        let partitions = (0..<count).map { number in
            let isNewest = number == count - 1
            let ended = now.advanced(byMilliseconds: -Int64(count - 1 - number) * hour)
            return KeptPartition(
                fileName: "p\(number)", firstID: EventID(UInt64(number * 10 + 1)),
                lastID: isNewest ? nil : EventID(UInt64(number * 10 + 10)),
                endedAt: isNewest ? nil : ended, bytes: 100)
        }
        return FolderContents(
            partitions: partitions, bytes: Int64(count) * 100 + 50, freeBytes: 1_000,
            countedThrough: .last)
    }

    /// No limits at all.
    private static var policy: RetentionPolicy {
        var policy = RetentionPolicy()
        policy.raw.millisecondsMax = nil
        policy.raw.bytesMax = nil
        policy.folderBytesMax = nil
        policy.disk.freeBytesMin = 0
        policy.disk.freeBytesRefused = 0
        policy.rollupMilliseconds = [:]
        return policy
    }

    private static func plan(
        _ folder: FolderContents, _ change: (inout RetentionPolicy) -> Void
    ) -> RetentionPlan {
        var policy = policy
        change(&policy)
        return RetentionPlan(policy, folder, now: now)
    }

    private static func names(_ plan: RetentionPlan) -> [String] {
        plan.prunings.map { "\($0.partition.fileName) \($0.reason.rawValue)" }
    }

    @Test func `takes nothing where nothing is limited`() {
        let plan = Self.plan(Self.folder(9)) { _ in }
        #expect(plan.isEmpty && plan.obstacle == nil && plan.prunedBytes == 0)
    }

    @Test func `takes what is older than the age, to the millisecond`() {
        for (age, count) in [(3 * Self.hour, 0), (3 * Self.hour - 1, 1), (Self.hour - 1, 3)] {
            let plan = Self.plan(Self.folder(4)) { $0.raw.millisecondsMax = age }
            #expect(Self.names(plan) == (0..<count).map { "p\($0) age" })
        }
    }

    @Test func `takes the oldest until the rest fits`() {
        #expect(
            Self.names(Self.plan(Self.folder(4)) { $0.raw.bytesMax = 250 })
                == ["p0 raw_bytes", "p1 raw_bytes"])
        #expect(Self.plan(Self.folder(4)) { $0.raw.bytesMax = 400 }.isEmpty)
        let plan = Self.plan(Self.folder(4)) { $0.folderBytesMax = 399 }
        #expect(Self.names(plan) == ["p0 folder_bytes"] && plan.prunedBytes == 100)
    }

    @Test func `takes lines early where the disk is nearly full, but not young ones`() {
        let plan = Self.plan(Self.folder(4)) { policy in
            policy.disk.freeBytesMin = 5_000
            policy.disk.earlyMillisecondsMin = Self.hour + 1
        }
        #expect(Self.names(plan) == ["p0 free_space", "p1 free_space"])
        let enough = Self.plan(Self.folder(4)) { policy in
            policy.disk.freeBytesMin = 1_100
            policy.disk.earlyMillisecondsMin = 0
        }
        #expect(Self.names(enough) == ["p0 free_space"])
    }

    @Test func `never takes the newest, and says so`() {
        let plan = Self.plan(Self.folder(2)) { $0.raw.bytesMax = 0 }
        #expect(Self.names(plan) == ["p0 raw_bytes"])
        #expect(plan.obstacle == .newest(.rawBytes))
    }

    @Test func `never takes a line that is not counted`() {
        var folder = Self.folder(4)
        folder.countedThrough = EventID(19)
        let plan = Self.plan(folder) { $0.raw.bytesMax = 0 }
        #expect(Self.names(plan) == ["p0 raw_bytes"] && plan.obstacle == .uncounted)
    }

    @Test func `raises floors, by whole hours, and never lowers one`() {
        var folder = Self.folder(1)
        let day = 24 * Self.hour
        let floor = Self.now.advanced(byMilliseconds: -day)
        folder.floors = [.threeMinutes: floor, .oneHour: floor.advanced(byMilliseconds: 1)]
        let plan = RetentionPlan(
            {
                var policy = Self.policy
                for interval in Interval.allCases where interval != .fifteenMinutes {
                    policy.rollupMilliseconds[interval] = day - 1
                }
                return policy
            }(), folder, now: Self.now)
        #expect(plan.floors == [.oneMinute: floor, .fiveMinutes: floor])
        let later = RetentionPlan(
            {
                var policy = Self.policy
                policy.rollupMilliseconds[.threeMinutes] = day
                return policy
            }(), folder, now: Self.now.advanced(byMilliseconds: Self.hour))
        #expect(later.floors == [.threeMinutes: floor.advanced(byMilliseconds: Self.hour)])
    }

    @Test(arguments: seeds(50, long: 5_000))
    func `leaves nothing to do once it is carried out`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var folder = Self.folder(Int.random(in: 1...20, using: &random))
        folder.countedThrough = EventID(UInt64.random(in: 0...200, using: &random))
        var policy = Self.policy
        policy.raw.millisecondsMax =
            random.isOnce(in: 2) ? nil : .random(in: 0...20 * Self.hour, using: &random)
        policy.raw.bytesMax = random.isOnce(in: 2) ? nil : .random(in: 0...2_000, using: &random)
        policy.folderBytesMax = random.isOnce(in: 2) ? nil : .random(in: 0...2_000, using: &random)
        policy.disk.freeBytesMin = .random(in: 0...3_000, using: &random)
        policy.disk.earlyMillisecondsMin = .random(in: 0...10 * Self.hour, using: &random)
        policy.rollupMilliseconds[.oneMinute] = .random(in: 0...100 * Self.hour, using: &random)
        let plan = RetentionPlan(policy, folder, now: Self.now)
        // The oldest ones, without a hole.
        #expect(
            plan.prunings.map(\.partition) == Array(folder.partitions.prefix(plan.prunings.count)))
        folder.partitions.removeFirst(plan.prunings.count)
        folder.bytes -= plan.prunedBytes
        folder.freeBytes += plan.prunedBytes
        folder.floors.merge(plan.floors) { $1 }
        let next = RetentionPlan(policy, folder, now: Self.now)
        #expect(next.isEmpty && next.obstacle == plan.obstacle)
        #expect(folder.partitions.count >= 1)
    }
}
