internal import ArgumentParser
internal import AsyncHTTPClient
internal import Daemon
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Pipeline
internal import Synchronization

/// `tidemark verify`
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Counts the log anew and compares it with the rollups and the event index.",
        discussion: """
            Asks a running server, or with --data reads a data folder, also while a server uses it. Every \
            bucket, series, row of state and row of the index is compared, but for times whose lines the log no longer has. \
            Nothing is changed. Exits with 3 where it finds a fault.
            """)

    @Option(help: "The server. (default: $TIDEMARK_URL, or http://127.0.0.1:4000)")
    var url: String?

    @Option(help: "The access token. (default: $TIDEMARK_TOKEN)")
    var token: String?

    @Option(help: "Read this data folder instead of asking a server.", completion: .directory)
    var data: String?

    @Option(
        help: "With --data: the server's config file, since its limits shape what is counted.",
        completion: .file())
    var config: String?

    func validate() throws {
        guard url == nil || data == nil else {
            throw ValidationError("--url and --data cannot go together")
        }
    }

    func run() async throws {
        let report = try await report()
        try Console.write(Array(VerifyText(report).text.utf8))
        guard !report.faults.isEmpty else { return }
        let canBeMended = report.differentCount > 0 || report.isLogDamaged
        throw CommandFailure(
            message: report.faults.joined(separator: "; "),
            hints: [
                canBeMended
                    ? "tidemark rebuild counts the log anew"
                    : "the log no longer covers an hour that is stored"
            ], exitCode: 3)
    }

    private func report() async throws -> VerifyReport {
        let progress = RecountTicker()
        defer { progress.clear() }
        guard let data else { return try await VerifyClient(url: url, token: token).run(progress) }
        let settings = try RecountSettings.resolve(data: data, config: config)
        do throws(RecountRefusal) {
            let verification = try Verification(
                folder: settings.data, limits: settings.engine, threads: .singleton)
            return try await verification.run { progress.show($0) }
        } catch {
            throw CommandFailure(error)
        }
    }
}

// MARK: The result as text

/// A table of what was compared, then the first differences.
private struct VerifyText {
    private let report: VerifyReport

    init(_ report: VerifyReport) {
        self.report = report
    }

    var text: String {
        guard report.lastID > 0 || report.storedBuckets > 0 else {
            return "nothing is counted yet\n"
        }
        let seconds = String(format: "%.2f", report.seconds)
        var text = "counted \(report.lines) lines up to id \(report.lastID) in \(seconds) s\n\n"
        text += table + "\n"
        if report.removedThrough > 0 {
            text +=
                "\nlines up to id \(report.removedThrough) were removed by retention; "
                + "buckets of their hours are skipped\n"
        }
        for lost in report.lostLines {
            let what = report.isLogDamaged ? "" : "; it makes no difference to what was compared"
            text += "\nunreadable: \(lost.text)\(what)"
        }
        if !report.lostLines.isEmpty { text += "\n" }
        for difference in report.differences { text += "\n" + Self.text(difference) + "\n" }
        let rest = report.differentCount - report.differences.count
        if rest > 0 { text += "\nand \(rest) more\n" }
        return text + (report.faults.isEmpty ? "\nall is as the log says\n" : "")
    }

    private var table: String {
        var table = TextTable(["", "compared", "skipped", "different"])
        func append(_ name: String, _ count: VerifyReport.Count) {
            table.append([
                name, String(count.compared), String(count.skipped), String(count.different),
            ])
        }
        for interval in report.intervals { append(interval.interval, interval.buckets) }
        append("series", report.series)
        append("state", report.state)
        append("index", report.index)
        return table.text
    }

    private static func text(_ difference: Difference) -> String {
        let place = [difference.interval, difference.name, difference.start].compactMap(\.self)
        return Console.printable(place.joined(separator: " ")) + "\n  stored     "
            + Console.printable(difference.stored ?? "nothing") + "\n  recounted  "
            + Console.printable(difference.recounted ?? "nothing")
    }
}

extension VerifyReport.LostLines {
    var text: String {
        let ids = firstID == lastID ? "line \(firstID)" : "lines \(firstID) to \(lastID)"
        return fileName.isEmpty ? ids : "\(ids) of \(fileName)"
    }
}

// MARK: For verify and rebuild

extension CommandFailure {
    init(_ refusal: RecountRefusal) {
        self.init(
            message: refusal.message, hints: [refusal.hint], exitCode: refusal.isFault ? 3 : 1)
    }
}

enum RecountSettings {
    /// As the server would have them: a recount by other limits gives other numbers.
    static func resolve(data: String?, config: String?) throws(CommandFailure) -> Settings {
        do throws(SettingsFaults) {
            return try ResolvedSettings(
                flags: data.map { ["data": $0] } ?? [:],
                environment: ProcessInfo.processInfo.environment, file: config
            ).settings
        } catch {
            throw CommandFailure(
                message: error.faults.joined(separator: "\n       "),
                hints: ["tidemark settings lists all settings with their units"], exitCode: 2)
        }
    }
}

/// Shows on a terminal how far a recount is.
final class RecountTicker: Sendable {
    private let progress = Mutex(Progress())

    func show(_ step: RecountProgress) {
        progress.withLock { $0.show(Self.text(step)) }
    }

    func clear() {
        progress.withLock { $0.clear() }
    }

    private static func text(_ step: RecountProgress) -> String {
        guard step.phase == .counting, step.throughID > 0 else { return step.phase.rawValue }
        return "counting: \(min(step.lastID * 100 / step.throughID, 100)) %"
    }
}

// MARK: Asking a server

/// `POST /verify`, line by line.
private struct VerifyClient {
    private let address: String
    private let token: String?
    private static let answerSecondsMax: Int64 = 86_400
    private static let faultBytesMax = 1 << 20

    init(url: String?, token: String?) throws(CommandFailure) {
        let environment = ProcessInfo.processInfo.environment
        let url = url ?? environment["TIDEMARK_URL"] ?? "http://127.0.0.1:4000"
        guard let parts = URLComponents(string: url), let scheme = parts.scheme,
            ["http", "https"].contains(scheme), parts.host?.isEmpty == false
        else {
            throw CommandFailure(message: "--url must be like http://127.0.0.1:4000", exitCode: 2)
        }
        address = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token ?? environment["TIDEMARK_TOKEN"]
    }

    func run(_ ticker: RecountTicker) async throws -> VerifyReport {
        var configuration = HTTPClient.Configuration()
        // Who is refused hears it at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let report = try await run(client, ticker)
            try? await client.shutdown()
            return report
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func run(_ client: HTTPClient, _ ticker: RecountTicker) async throws -> VerifyReport {
        let response = try await response(client)
        guard response.status == .ok else {
            let body = try? await response.body.collect(upTo: Self.faultBytesMax)
            throw CommandFailure(
                refusal: body.map { Array($0.readableBytesView) } ?? [],
                status: response.status.code)
        }
        var lines = LineAssembler()
        do {
            for try await piece in response.body {
                for line in lines.add(Array(piece.readableBytesView)) {
                    if let report = try take(line, ticker) { return report }
                }
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw brokenOff
        }
        throw brokenOff
    }

    private func response(_ client: HTTPClient) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address + "/verify")
        request.method = .POST
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        do {
            return try await client.execute(request, timeout: .seconds(Self.answerSecondsMax))
        } catch {
            throw CommandFailure(
                message: "no server answers at \(address)",
                hints: ["start one with tidemark serve, or read a folder with --data DIR"])
        }
    }

    private func take(_ line: [UInt8], _ ticker: RecountTicker) throws -> VerifyReport? {
        let message = try JSONDecoder().decode(VerifyMessage.self, from: Data(line))
        if let step = message.progress { ticker.show(step) }
        if let error = message.error {
            throw CommandFailure(message: Console.printable(error.message))
        }
        return message.result
    }

    private var brokenOff: CommandFailure {
        CommandFailure(
            message: "the server broke off in the middle of its answer",
            hints: ["its own log says why"])
    }
}
