#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a process has used so far, as Linux tells it in `/proc`.
struct ProcessUsage: Sendable {
    let cpuSeconds: Double
    let residentBytes: Int
    let residentPeakBytes: Int

    init(pid: Int32) throws(SystemError) {
        cpuSeconds = try Self.cpuSeconds(of: readFile("/proc/\(pid)/stat"))
        let status = try readFile("/proc/\(pid)/status")
        residentBytes = Self.kibibytes("VmRSS:", in: status) * 1024
        residentPeakBytes = Self.kibibytes("VmHWM:", in: status) * 1024
    }

    /// utime and stime are fields 14 and 15. The second field is the program's name, which may
    /// hold spaces and brackets: the count begins after its last bracket, with field 3.
    private static func cpuSeconds(of stat: String) -> Double {
        guard let name = stat.lastIndex(of: ")") else { return 0 }
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        guard fields.count > 12 else { return 0 }
        let ticks = [fields[11], fields[12]].compactMap { Double($0) }.reduce(0, +)
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func kibibytes(_ key: String, in status: String) -> Int {
        for line in status.split(separator: "\n") where line.hasPrefix(key) {
            return line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) } ?? 0
        }
        return 0
    }
}

extension Int32 {
    /// This process.
    static var own: Int32 { getpid() }
}

/// A whole small file. Those in `/proc` have no size that could be asked for before.
private func readFile(_ path: String) throws(SystemError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("open \(path)", errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw SystemError("read \(path)", errno) }
    return String(decoding: bytes[..<count], as: UTF8.self)
}
