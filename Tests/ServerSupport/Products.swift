internal import Foundation

/// Where the build put its products: beside the test bundle.
public enum Products {
    public static var folder: String {
        var folder = Bundle.main.bundleURL
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
            folder = bundle.bundleURL.deletingLastPathComponent()
        }
        return folder.path
    }

    public static func executable(_ name: String) -> String {
        let program = URL(fileURLWithPath: CommandLine.arguments[0])
        let folders = [folder, program.path, program.deletingLastPathComponent().path]
        let candidates = folders.map { $0 + "/" + name }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
            ?? candidates[0]
    }
}
