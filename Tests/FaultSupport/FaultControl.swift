import Glibc
import Synchronization

/// Runs a process under the fault shim: its environment, its faults while it runs, its journal.
///
/// ```swift
/// let control = try FaultControl(folder: scratch)
/// process.environment = try control.environment(root: dataFolder)
/// try control.set(.failSyncs(.inputOutput, times: 1))
/// ```
public final class FaultControl: Sendable {
    public let controlPath: String
    public let journalPath: String
    // A record lock is the process's own and does not part its threads: hence the mutex.
    private let page: Mutex<Int32>

    /// Makes the control page in `folder`, which exists and is not below the root.
    public init(folder: String) throws(FaultSupportError) {
        controlPath = folder + "/control"
        journalPath = folder + "/journal"
        let descriptor = open(controlPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last("open", controlPath) }
        page = Mutex(descriptor)
        try update { $0 = ControlPage() }
    }

    deinit {
        page.withLock { _ = close($0) }
    }

    /// Holds for each operation that begins after this returns.
    public func set(_ fault: Fault) throws(FaultSupportError) {
        try update { $0.apply(fault.change) }
    }

    /// How many calls the fault made fail (or cut short, with no error) since it was set.
    public func hits(of call: Fault.Call) throws(FaultSupportError) -> Int {
        Int(try update { $0.hits(of: call) })
    }

    /// How many syncs of files and folders have begun, ended or not. With `.slowSyncs`, a test
    /// knows by it that the process is within one, and can kill it there.
    public func syncsBegun() throws(FaultSupportError) -> Int {
        Int(try update { $0.syncsBegun })
    }

    /// The variables to add to the environment of the process under test.
    public func environment(
        root: String, library: String? = nil, recording: Bool = true
    ) throws(FaultSupportError) -> [String: String] {
        var variables = ["FAULT_ROOT": root, "FAULT_CONTROL": controlPath]
        variables["LD_PRELOAD"] = if let library { library } else { try ShimLibrary.find() }
        if recording { variables["FAULT_JOURNAL"] = journalPath }
        return variables
    }

    /// What was recorded up to now; the process may still run.
    public func journal() throws(FaultSupportError) -> FaultJournal {
        try FaultJournal(path: journalPath)
    }

    /// Each operation that had ended by now has a lower position. Taken when an answer came, it
    /// says what had happened when the process acknowledged.
    public func journalPosition() throws(FaultSupportError) -> UInt64 {
        var status = stat()
        guard stat(journalPath, &status) == 0 else { throw .last("look at", journalPath) }
        return UInt64(status.st_size)
    }

    private func update<Result: Sendable>(
        _ change: (inout ControlPage) -> Result
    ) throws(FaultSupportError) -> Result {
        try page.withLock { descriptor throws(FaultSupportError) in
            guard lockf(descriptor, F_LOCK, 0) == 0 else { throw .last("lock", controlPath) }
            defer { _ = lockf(descriptor, F_ULOCK, 0) }
            var page = try read(descriptor)
            let result = change(&page)
            let written = pwrite(descriptor, page.bytes, ControlPage.length, 0)
            guard written == ControlPage.length else { throw .last("write", controlPath) }
            return result
        }
    }

    private func read(_ descriptor: Int32) throws(FaultSupportError) -> ControlPage {
        var bytes = [UInt8](repeating: 0, count: ControlPage.length)
        let count = pread(descriptor, &bytes, ControlPage.length, 0)
        guard count >= 0 else { throw .last("read", controlPath) }
        return ControlPage(bytes: bytes)
    }
}
