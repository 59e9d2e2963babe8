import Foundation

/// `TIDEMARK_LONG=1` asks for many more cases than every run has time for.
let isLongRun = ProcessInfo.processInfo.environment["TIDEMARK_LONG"] == "1"

/// Seeds for random cases: a few, or many in a long run.
func seeds(_ few: UInt64, long: UInt64) -> ClosedRange<UInt64> {
    1...(isLongRun ? long : few)
}
