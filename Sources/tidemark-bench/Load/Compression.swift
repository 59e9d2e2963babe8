import ArgumentParser

/// Whether a body is gzip. It is never compressed on the way: that would measure the generator.
enum Compression: String, CaseIterable, ExpressibleByArgument {
    case no, file
}
