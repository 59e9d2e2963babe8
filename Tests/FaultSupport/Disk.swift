/// A folder on a disk with a cache: the fold of a journal.
struct Disk {
    private static let root: NodeID = 0

    private var names = NameHistory()
    /// All nodes that are files; a node that is not here is a folder.
    private var files: [NodeID: PendingFile] = [:]
    private var nodes: [FileIdentity: NodeID] = [:]
    private var nodeCount = 1

    init(initial: FolderImage) throws(PowerLossError) {
        for path in initial.folders.sorted() {
            try addDurable(newNode(), at: path)
        }
        for (path, bytes) in initial.files.sorted(by: { $0.key < $1.key }) {
            let node = newNode()
            files[node] = PendingFile(durable: bytes)
            try addDurable(node, at: path)
        }
    }

    mutating func apply(_ operation: FaultOperation) throws(PowerLossError) {
        switch operation.action {
        case .create:
            try make(PendingFile(), operation)
        case .makeDirectory:
            try make(nil, operation)
        case .write(let offset, let bytes):
            let node = try node(of: operation)
            files[node, default: PendingFile()]
                .write(bytes, at: offset, position: operation.position)
        case .truncate(let size):
            let node = try node(of: operation)
            files[node, default: PendingFile()].truncate(to: size, position: operation.position)
        case .sync(_, let covers, let size):
            try sync(operation, before: covers, size: size)
        case .failedSync(_, let covers, _):
            let node = try node(of: operation)
            files[node]?.abandon(before: covers)
        case .rename(let path):
            let node = try node(of: operation)
            try change([edit(operation.path, nil), edit(path, node)], operation)
        case .link(let path):
            try change([edit(path, node(of: operation))], operation)
        case .unlink, .removeDirectory:
            _ = try node(of: operation)
            try change([edit(operation.path, nil)], operation)
        }
    }

    func afterPowerLoss(_ fate: inout Fate) -> FolderImage {
        var contents: [NodeID: [UInt8]] = [:]
        for (node, file) in files.sorted(by: { $0.key < $1.key }) {
            contents[node] = file.afterPowerLoss(&fate)
        }
        var image = FolderImage()
        image.add(Self.root, at: nil, names.afterPowerLoss(&fate), contents)
        return image
    }

    private mutating func newNode() -> NodeID {
        defer { nodeCount += 1 }
        return nodeCount
    }

    private mutating func addDurable(_ node: NodeID, at path: String) throws(PowerLossError) {
        let place = try edit(path, node)
        names.addDurable(node, place.name, in: place.folder)
    }

    private mutating func change(
        _ edits: [NameHistory.Edit], _ operation: FaultOperation
    ) {
        names.change(edits, position: operation.position)
    }

    private mutating func make(
        _ file: PendingFile?, _ operation: FaultOperation
    ) throws(PowerLossError) {
        let node = newNode()
        files[node] = file
        nodes[operation.file] = node
        try change([edit(operation.path, node)], operation)
    }

    private mutating func sync(
        _ operation: FaultOperation, before position: UInt64, size: Int
    ) throws(PowerLossError) {
        if operation.path.isEmpty { return names.sync(Self.root, before: position) }
        let node = try node(of: operation)
        names.sync(node, before: position)
        guard let known = files[node]?.size(before: position) else { return }
        guard known == size else { throw .unseenWrite(operation.path, size: size, known: known) }
        files[node]?.sync(before: position)
    }

    /// A file that the journal names for the first time was there before, or was made by a call
    /// that the shim does not see (`fopen`): then this is its creation.
    private mutating func node(of operation: FaultOperation) throws(PowerLossError) -> NodeID {
        if let node = nodes[operation.file] { return node }
        let place = try edit(operation.path, nil)
        if let node = names.node(place.name, in: place.folder) {
            nodes[operation.file] = node
            return node
        }
        try make(PendingFile(), operation)
        return nodeCount - 1
    }

    private func edit(
        _ path: String, _ node: NodeID?
    ) throws(PowerLossError) -> NameHistory.Edit {
        let parts = path.split(separator: "/").map(String.init)
        var folder = Self.root
        for part in parts.dropLast() {
            guard let next = names.node(part, in: folder) else {
                throw .unknownFolder(path)
            }
            folder = next
        }
        return NameHistory.Edit(folder: folder, name: parts.last ?? "", node: node)
    }
}

extension FolderImage {
    /// What can be reached from the root; a file whose folder was lost is lost with it.
    fileprivate mutating func add(
        _ node: NodeID, at path: String?, _ tree: NameHistory.Tree, _ contents: [NodeID: [UInt8]]
    ) {
        if let path, let bytes = contents[node] {
            files[path] = bytes
            return
        }
        if let path { folders.insert(path) }
        for (name, child) in tree[node] ?? [:] {
            add(child, at: path.map { $0 + "/" + name } ?? name, tree, contents)
        }
    }
}
