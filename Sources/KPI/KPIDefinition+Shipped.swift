internal import Rollup
internal import TimeSeries

extension KPIDefinition {
    /// The KPIs of the system, as `kpis/default.yaml` says them.
    public static let shipped: [KPIDefinition] = [
        latency(
            "hook.latency", "Hooks answer before an agent waits for them.", 100, 200, 500,
            clear: (180, 450)),
        timeouts, eventRate, memory,
        latency(
            "stream.latency", "What is stored is on the screens at once.", 50, 100, 200,
            clear: (90, 180)),
        latency(
            "log.write", "The disk takes a group of events in time.", 10, 20, 50, clear: (18, 45)),
    ]

    private static func latency(
        _ metric: String, _ text: String, _ target: Int128, _ alert: Int128, _ critical: Int128,
        clear: (alert: Int128, critical: Int128)
    ) -> KPIDefinition {
        var kpi = KPIDefinition(
            name: metric, source: .metric(metric, .quantile(.p95)), alert: units(alert))
        kpi.text = text
        kpi.target = units(target)
        kpi.critical = units(critical)
        kpi.clearAlert = units(clear.alert)
        kpi.clearCritical = units(clear.critical)
        return kpi.calmed()
    }

    private static let timeouts: KPIDefinition = {
        var kpi = KPIDefinition(
            name: "hook.timeouts", source: .ratio(of: "hook.timeouts", to: "hook.latency"),
            alert: Quantity(parts: 10_000))
        kpi.text = "Hooks end before their deadline."
        kpi.target = Quantity(parts: 10_000)
        kpi.critical = Quantity(parts: 50_000)
        return kpi.calmed()
    }()

    private static let eventRate: KPIDefinition = {
        var kpi = KPIDefinition(
            name: "event.rate", source: .metric("events.rate", .avg), alert: units(500))
        kpi.text = "Where more events wait than are stored, a thousand a second are."
        kpi.windowMilliseconds = 60_000
        kpi.good = .above
        kpi.guarding = Guard("ingest.queue.depth", .min, isAbove: true, bound: .zero)
        kpi.target = units(1_000)
        kpi.critical = units(100)
        return kpi.calmed()
    }()

    private static let memory: KPIDefinition = {
        var kpi = KPIDefinition(
            name: "memory", source: .metric("process.memory", .max), alert: units(3_000_000_000))
        kpi.text = "The server's memory stays small."
        kpi.windowMilliseconds = 60_000
        kpi.target = units(2_000_000_000)
        kpi.critical = units(4_000_000_000)
        kpi.clearAlert = units(2_800_000_000)
        kpi.clearCritical = units(3_800_000_000)
        kpi.keepFiringMilliseconds = 120_000
        return kpi
    }()

    private func calmed() -> KPIDefinition {
        var kpi = self
        kpi.keepFiringMilliseconds = 120_000
        kpi.damping = Damping(changesMax: 8, withinMilliseconds: 1_800_000)
        return kpi
    }

    private static func units(_ number: Int128) -> Quantity {
        Quantity(parts: number * Int128(QuantityScale.millionths.partsPerUnit))
    }
}
