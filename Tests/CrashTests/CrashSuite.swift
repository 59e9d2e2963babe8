import Testing

/// Real servers that are killed, starved of disk or cut off from power. One after the other: each test
/// loads the machine.
@Suite(.serialized) struct `Crash tests` {}
