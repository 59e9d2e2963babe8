import KPI
import TestSupport
import Testing
import TimeSeries

/// A machine that is told a value a minute.
private struct Run {
    var definition: KPIDefinition
    var machine = StatusMachine(at: Timestamp(milliseconds: 0))
    var minute: Int64 = 0
    var transitions: [StatusMachine.Transition] = []

    init(_ change: (inout KPIDefinition) -> Void = { _ in }) {
        definition = KPIDefinition(name: "k", source: .metric("m", .max), alert: Self.units(200))
        definition.target = Self.units(100)
        definition.critical = Self.units(500)
        change(&definition)
    }

    static func units(_ number: Int64) -> Quantity { Quantity(parts: Int128(number) * 1_000_000) }

    /// - Parameter values: nil for a window without samples.
    /// - Returns: the status after each.
    @discardableResult
    mutating func take(_ values: Int64?...) -> [KPIStatus] {
        values.map { value in
            take(value.map { .value(Self.units($0)) } ?? .noData)
            return machine.phase.status
        }
    }

    mutating func take(_ reading: KPIReading) {
        minute += 1
        let tick = Timestamp(milliseconds: minute * 60_000)
        if let transition = machine.advance(reading, at: tick, definition) {
            transitions.append(transition)
        }
    }

    var told: [String] {
        transitions.filter(\.notifies).map {
            "\($0.at.milliseconds / 60_000) \($0.rule.type.rawValue)"
        }
    }
}

@Suite struct `A status` {
    @Test func `is off target, alert and critical beyond the thresholds, and on none of them`() {
        var run = Run()
        let statuses = run.take(99, 100, 200, 201, 500, 501, 0)
        #expect(
            statuses == [.onTarget, .offTarget, .offTarget, .alert, .alert, .critical, .onTarget])
    }

    @Test func `is the other way round where more is good`() {
        var run = Run {
            $0.good = .above
            $0.target = Run.units(1_000)
            $0.alert = Run.units(500)
            $0.critical = Run.units(100)
        }
        let statuses = run.take(1_000, 999, 500, 499, 100, 99, 1_000)
        #expect(
            statuses == [.onTarget, .offTarget, .offTarget, .alert, .alert, .critical, .onTarget])
    }

    @Test func `waits for as long as it must last`() {
        var run = Run { $0.forMilliseconds = 120_000 }
        let statuses = run.take(300, 300, 300, 600, 600, 600, 300, 50, 300)
        #expect(
            statuses == [
                .offTarget, .offTarget, .alert, .alert, .alert, .critical, .alert, .onTarget,
                .offTarget,
            ])
        #expect(run.told == ["3 kpi.alert", "6 kpi.critical", "7 kpi.alert", "8 kpi.resolved"])
    }

    @Test func `begins to wait anew where a value was good`() {
        var run = Run { $0.forMilliseconds = 120_000 }
        #expect(run.take(300, 300, 50, 300, 300, 300).last == .alert)
        #expect(run.told == ["6 kpi.alert"])
    }

    @Test func `is left at the thresholds for that`() {
        var run = Run {
            $0.clearAlert = Run.units(150)
            $0.clearCritical = Run.units(400)
        }
        let statuses = run.take(180, 201, 180, 151, 150, 180, 501, 450, 400, 180, 50)
        #expect(
            statuses == [
                .offTarget, .alert, .alert, .alert, .offTarget, .offTarget, .critical, .critical,
                .alert, .alert, .onTarget,
            ])
    }

    @Test func `fires on for as long as it is kept`() {
        var run = Run { $0.keepFiringMilliseconds = 120_000 }
        let statuses = run.take(300, 50, 50, 300, 50, 50, 50)
        #expect(
            statuses == [.alert, .alert, .alert, .alert, .alert, .alert, .onTarget])
        #expect(run.told == ["1 kpi.alert", "7 kpi.resolved"])
    }

    @Test func `goes down one level at a time where both are kept`() {
        var run = Run { $0.keepFiringMilliseconds = 120_000 }
        let statuses = run.take(600, 300, 300, 300, 50, 50, 50)
        #expect(
            statuses == [.critical, .critical, .critical, .alert, .alert, .alert, .onTarget])
    }

    @Test func `is kept without data for a while, and then expires`() {
        var run = Run { $0.noDataMillisecondsMax = 180_000 }
        let statuses = run.take(50, nil, 300, nil, nil, nil, nil, nil, 300)
        #expect(
            statuses == [
                .onTarget, .noData, .alert, .alert, .alert, .alert, .noData, .noData, .alert,
            ])
        #expect(run.told == ["3 kpi.alert", "7 kpi.expired", "9 kpi.alert"])
    }

    @Test func `is an alert without data where that is wanted`() {
        var run = Run {
            $0.noData = .alert
            $0.forMilliseconds = 60_000
        }
        let statuses = run.take(50, nil, nil, 300, nil, nil, 50)
        #expect(
            statuses == [.onTarget, .onTarget, .noData, .alert, .alert, .noData, .onTarget])
        #expect(
            run.told == ["3 kpi.no_data", "4 kpi.alert", "6 kpi.no_data", "7 kpi.resolved"])
    }

    @Test func `is on target without data where that is wanted`() {
        var run = Run { $0.noData = .ok }
        #expect(run.take(300, nil) == [.alert, .onTarget])
    }

    @Test func `is on target where its guard does not hold`() {
        var run = Run()
        run.take(900)
        run.take(.idle(Run.units(900)))
        #expect(run.machine.phase == .onTarget)
        #expect(run.told == ["1 kpi.critical", "2 kpi.resolved"])
    }

    @Test func `remembers the worst value of its episode, and when that was`() {
        var run = Run()
        run.take(300, 700, 400)
        #expect(run.machine.peak == Run.units(700))
        #expect(run.machine.peakAt == Timestamp(milliseconds: 120_000))
        run.take(50, 250)
        #expect(run.machine.peak == Run.units(250))
    }

    @Test func `that changes too often is told of when it rests`() {
        var damped = Run { $0.damping = .init(changesMax: 4, withinMilliseconds: 600_000) }
        var plain = Run()
        for _ in 0..<30 {
            damped.take(300, 50)
            plain.take(300, 50)
        }
        #expect(plain.told.count == 60)
        #expect(
            damped.told == ["1 kpi.alert", "2 kpi.resolved", "3 kpi.alert", "4 kpi.resolved"])
        #expect(damped.machine.isDamped)
        damped.take(300)
        for _ in 0..<9 { damped.take(300) }
        #expect(damped.told.count == 4)
        damped.take(300)
        #expect(damped.told.last == "71 kpi.alert" && damped.told.count == 5)
        #expect(!damped.machine.isDamped)
    }

    @Test func `that rests where it was told to be is not told of again`() {
        var run = Run { $0.damping = .init(changesMax: 2, withinMilliseconds: 300_000) }
        run.take(300, 50, 300, 50)
        for _ in 0..<10 { run.take(50) }
        #expect(run.told == ["1 kpi.alert", "2 kpi.resolved"])
        #expect(!run.machine.isDamped)
    }

    @Test(arguments: seeds(50, long: 5_000))
    func `goes on from its bytes as if nothing had happened`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var run = Run {
            $0.forMilliseconds = random.pick([0, 60_000, 180_000])
            $0.keepFiringMilliseconds = random.pick([0, 120_000])
            $0.noData = random.pick(KPIDefinition.NoDataPolicy.allCases)
            $0.noDataMillisecondsMax = 120_000
            if random.isOnce(in: 2) {
                $0.damping = .init(changesMax: 3, withinMilliseconds: 300_000)
            }
        }
        var other = run
        for _ in 0..<200 {
            let value = random.pick([nil, 50, 150, 300, 300, 900] as [Int64?])
            run.take(value)
            other.machine = try #require(StatusMachine(bytes: other.machine.bytes))
            other.take(value)
            #expect(other.machine == run.machine)
        }
        #expect(other.transitions == run.transitions)
        // What is told when a damped one rests is no step of the episode.
        guard run.definition.damping == nil else { return }
        var isOpen = false
        for transition in run.transitions {
            switch transition.rule.effect {
            case .none: #expect(!isOpen)
            case .opens:
                #expect(!isOpen)
                isOpen = true
            case .continues: #expect(isOpen)
            case .resolves, .expires:
                #expect(isOpen)
                isOpen = false
            }
        }
        #expect(isOpen == run.machine.phase.isFiring)
    }

    @Test(arguments: [
        "", "2 phase=0 told=0 since=0", "1 phase=9 told=0 since=0", "1 phase=0", "1 x",
    ])
    func `is not made of other bytes`(text: String) {
        #expect(StatusMachine(bytes: Array(text.utf8)) == nil)
    }
}
