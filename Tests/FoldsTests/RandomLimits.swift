import Catalogue
import Folds
import Rollup
import Storage
import TestSupport

/// Limits of which some are reached, the same for a fold and its twin.
struct RandomLimits {
    var fold = Fold.Limits()
    var store = DerivedStore.Limits()
    var twin = NaiveTwin.Limits()

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        twin.joinDistance = random.pick([20, 90, 262_144])
        twin.openHalves = random.pick([3, 12, 65_536])
        twin.permissionEnds = random.pick([2, 9, 4_096])
        twin.cumulativeSeries = random.pick([2, 262_144])
        twin.liveSeries = random.pick([2, 4, 2_000])
        twin.idleMilliseconds = random.pick([120_000, 1_800_000, 86_400_000])
        fold.observer.joinDistanceIDsMax = UInt64(twin.joinDistance)
        fold.observer.openHalvesMax = twin.openHalves
        fold.observer.permissionEndsMax = twin.permissionEnds
        fold.observer.cumulativeSeriesMax = twin.cumulativeSeries
        fold.series.liveSeriesPerMetricMax = twin.liveSeries
        fold.series.idleMillisecondsMax = Int64(twin.idleMilliseconds)
        store.recentRowsMax = random.pick([0, 40, 8_192])
        store.settleMilliseconds = random.pick([60_000, 600_000])
    }
}
