public import Catalogue
public import Intake

extension EventBatch {
    /// Lines of samples on their way to the log. All of them must be ended.
    public init(_ samples: SampleLines) {
        self.init(
            bytes: samples.bytes, lines: samples.lines.map { (head: $0.head, tail: $0.tail) })
    }
}
