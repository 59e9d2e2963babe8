/// How finely the index tells places of a partition apart, by where lines start in it:
///
///     volume   16 MiB   64 chapters; a value's entry says which of them have it
///     chapter 256 KiB   32 blocks; a row, with the values that stand in it and in which blocks
///     block     8 KiB   what is read, and checked against its CRC
///
/// The borders depend on offsets alone, so the same lines always make the same index, wherever one begins.
public enum IndexScale {
    public static let blockBytes = 8 << 10
    public static let chapterBlocks = 32
    public static let chapterBytes = chapterBlocks * blockBytes
    public static let volumeChapters = 64
    public static let volumeBytes = volumeChapters * chapterBytes

    /// The block of its chapter in which a line starts.
    static func block(of offset: Int) -> Int { offset / blockBytes % chapterBlocks }

    /// The chapter of its volume in which a line starts.
    public static func chapter(of offset: Int) -> Int { offset / chapterBytes % volumeChapters }
}
