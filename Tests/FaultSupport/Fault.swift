/// What goes wrong in a process that runs under the shim, from the moment it is set.
///
/// Faults of different calls stand side by side; a second fault of the same call replaces the
/// first. `times: 0` means until it is cleared.
public struct Fault: Sendable {
    /// The calls that can fail. The raw value is the slot in the control page.
    public enum Call: Int, Sendable, CaseIterable {
        case write, sync, syncOfDirectory, create, rename, unlink, truncate, makeDirectory
    }

    /// What becomes of the bytes of a write that fails.
    public enum Part: Sendable {
        /// Nothing is written.
        case nothing
        /// The write is cut short and succeeds with fewer bytes; the next one fails. It is what
        /// Linux does when a disk fills up.
        case short(bytes: UInt64 = 1)
        /// A part is written, and the call fails all the same.
        case torn(bytes: UInt64 = 1)
    }

    /// How much is let through before the fault begins.
    enum Start: Equatable {
        case calls(UInt64)
        case bytes(UInt64)
    }

    enum Change {
        case clear
        case ignoreSyncs
        case slowSyncs(microseconds: UInt32)
        case fail(Call, FaultSlot)
    }

    let change: Change
}

extension Fault {
    /// Ends all faults. A sync that is being slowed down wakes within a millisecond.
    public static let clear = Fault(change: .clear)

    /// `fsync` and `fdatasync` return 0 and do nothing, like a disk that lies.
    public static let ignoreSyncs = Fault(change: .ignoreSyncs)

    /// Each `fsync` and `fdatasync` takes so much longer; other calls do not wait for it.
    public static func slowSyncs(microseconds: UInt32) -> Fault {
        Fault(change: .slowSyncs(microseconds: microseconds))
    }

    /// Writes fail once `afterBytes` more bytes are written, like a disk that fills up. With a
    /// part, the write that crosses the border writes up to it; the part's own size is not used.
    public static func failWrites(
        _ error: ErrorNumber, afterBytes: UInt64, times: UInt64 = 0, part: Part = .nothing
    ) -> Fault {
        fail(.write, error, .bytes(afterBytes), times, part)
    }

    /// Writes fail once `afterCalls` more writes were let through.
    public static func failWrites(
        _ error: ErrorNumber, afterCalls: UInt64 = 0, times: UInt64 = 0, part: Part = .nothing
    ) -> Fault {
        fail(.write, error, .calls(afterCalls), times, part)
    }

    /// No write fails, but each writes `bytes` at most.
    public static func shortenWrites(
        to bytes: UInt64, afterCalls: UInt64 = 0, times: UInt64 = 0
    ) -> Fault {
        precondition(bytes > 0, "BUG: a write that writes nothing and succeeds would never end")
        return fail(.write, nil, .calls(afterCalls), times, .short(bytes: bytes))
    }

    /// `fsync` and `fdatasync` of files fail; the disk is not asked.
    public static func failSyncs(
        _ error: ErrorNumber, afterCalls: UInt64 = 0, times: UInt64 = 0
    ) -> Fault {
        fail(.sync, error, .calls(afterCalls), times, .nothing)
    }

    /// Any other call fails: `.create` an open that makes a file, `.unlink` also a `rmdir`.
    public static func fail(
        _ call: Call, _ error: ErrorNumber, afterCalls: UInt64 = 0, times: UInt64 = 0
    ) -> Fault {
        fail(call, error, .calls(afterCalls), times, .nothing)
    }

    private static func fail(
        _ call: Call, _ error: ErrorNumber?, _ start: Start, _ times: UInt64, _ part: Part
    ) -> Fault {
        let slot = FaultSlot(
            error: error?.rawValue ?? 0, start: start, times: times, part: part)
        return Fault(change: .fail(call, slot))
    }
}
