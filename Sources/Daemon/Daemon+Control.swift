internal import Storage

extension Daemon {
    static func openControl(_ settings: Settings) throws(StartFailure) -> ControlStore {
        do throws(StorageError) {
            return try ControlStore(folder: settings.data, limits: settings.control)
        } catch {
            throw StartFailure(message: error.description, hint: "look at the disk's health")
        }
    }
}
