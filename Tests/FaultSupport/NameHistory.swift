typealias NodeID = Int

/// The names of a folder tree: as the disk surely had them at first, as the process sees them,
/// and each change in between, with the folders of it that were synced since.
struct NameHistory {
    typealias Tree = [NodeID: [String: NodeID]]

    /// One name gets another meaning, or (nil) none.
    struct Edit {
        let folder: NodeID
        let name: String
        let node: NodeID?
    }

    struct Change {
        let position: UInt64
        let edits: [Edit]
        var synced: Set<NodeID> = []

        var folders: Set<NodeID> { Set(edits.map(\.folder)) }
    }

    private var first: Tree = [:]
    private var live: Tree = [:]
    private var changes: [Change] = []

    func node(_ name: String, in folder: NodeID) -> NodeID? {
        live[folder]?[name]
    }

    /// What was there before the journal begins.
    mutating func addDurable(_ node: NodeID, _ name: String, in folder: NodeID) {
        let edit = Edit(folder: folder, name: name, node: node)
        first.apply(edit)
        live.apply(edit)
    }

    /// The edits of one operation survive together or not at all.
    mutating func change(_ edits: [Edit], position: UInt64) {
        for edit in edits {
            live.apply(edit)
        }
        changes.append(Change(position: position, edits: edits))
    }

    mutating func sync(_ folder: NodeID, before position: UInt64) {
        for index in changes.indices
        where changes[index].position < position && changes[index].folders.contains(folder) {
            changes[index].synced.insert(folder)
        }
    }

    func afterPowerLoss(_ fate: inout Fate) -> Tree {
        let kept = fate.ordersNames ? keptInOrder(&fate) : keptInAnyOrder(&fate)
        var tree = first
        for edit in kept.flatMap(\.edits) {
            tree.apply(edit)
        }
        return tree
    }

    /// A journalled file system: once a change is lost, so is all that came later in its folders.
    private func keptInOrder(_ fate: inout Fate) -> [Change] {
        var cutFolders: Set<NodeID> = []
        var kept: [Change] = []
        for (change, isDurable) in zip(changes, durableInOrder()) {
            let isCut = !cutFolders.isDisjoint(with: change.folders)
            if isDurable || (!isCut && fate.keeps()) {
                kept.append(change)
            } else {
                cutFolders.formUnion(change.folders)
            }
        }
        return kept
    }

    /// A sync of either folder of a rename makes it durable, with all that came before it in both.
    private func durableInOrder() -> [Bool] {
        var reached: Set<NodeID> = []
        var durable = changes.map { !$0.synced.isEmpty }
        for (index, change) in changes.enumerated().reversed()
        where durable[index] || !reached.isDisjoint(with: change.folders) {
            durable[index] = true
            reached.formUnion(change.folders)
        }
        return durable
    }

    private func keptInAnyOrder(_ fate: inout Fate) -> [Change] {
        changes.filter { $0.synced.isSuperset(of: $0.folders) || fate.keeps() }
    }
}

extension NameHistory.Tree {
    mutating func apply(_ edit: NameHistory.Edit) {
        self[edit.folder, default: [:]][edit.name] = edit.node
    }
}
