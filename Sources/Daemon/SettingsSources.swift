internal import Definitions
internal import Foundation

/// Where a setting's value came from; later cases win.
public enum SettingSource: String, Sendable {
    case preset = "default"
    case file
    case environment
    case flag
}

/// The sources of settings, merged: flag > environment > file > default.
public struct ResolvedSettings: Sendable {
    public let settings: Settings
    public let sources: [String: SettingSource]

    /// The config file that is read if it is there, without being named.
    public static let defaultFile = "tidemark.yaml"

    /// - Parameters:
    ///   - flags: by setting key.
    ///   - file: the config file that was asked for; nil takes `tidemark.yaml` where there is one.
    /// - Throws: `SettingsFaults`, all of them at once.
    public init(
        flags: [String: String], environment: [String: String], file: String?
    ) throws(SettingsFaults) {
        var merger = SettingsMerger()
        merger.mergeFile(file ?? environment["TIDEMARK_CONFIG"])
        for setting in Setting.table {
            guard let text = environment[setting.variable] else { continue }
            merger.merge(setting, text, .environment, place: setting.variable)
        }
        for setting in Setting.table {
            guard let text = flags[setting.key] else { continue }
            merger.merge(setting, text, .flag, place: "--" + setting.key.replacing("_", with: "-"))
        }
        guard merger.faults.isEmpty else { throw SettingsFaults(faults: merger.faults) }
        settings = merger.settings
        sources = merger.sources
    }
}

/// All that is wrong with the settings, each with its place.
public struct SettingsFaults: Error, Sendable {
    public let faults: [String]
}

private struct SettingsMerger {
    var settings = Settings()
    var sources: [String: SettingSource] = [:]
    var faults: [String] = []

    mutating func mergeFile(_ named: String?) {
        let path = named ?? ResolvedSettings.defaultFile
        guard named != nil || FileManager.default.fileExists(atPath: path) else { return }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            faults.append("\(path): cannot be read")
            return
        }
        let file = SettingsFile(text, file: path, known: Set(Setting.table.map(\.key)))
        faults += file.faults.map(\.description)
        for setting in Setting.table {
            guard let value = file.values[setting.key] else { continue }
            merge(setting, value.text, .file, place: "\(path):\(value.line): \(setting.key)")
        }
    }

    mutating func merge(_ setting: Setting, _ text: String, _ source: SettingSource, place: String)
    {
        if setting.write(&settings, text) {
            sources[setting.key] = source
        } else {
            faults.append("\(place): must be \(setting.expectation)")
        }
    }
}
