// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// For the targets that touch no unsafe memory: the compiler then refuses every unsafe construct.
let memorySafe: [SwiftSetting] = strict + [.strictMemorySafety()]

let nio = "swift-nio"

let package = Package(
    name: "tidemark",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "tidemark", targets: ["tidemark"]),
        .executable(name: "tidemark-bench", targets: ["tidemark-bench"]),
        // For tests only: preloaded into a server to make its disk fail.
        .library(name: "FaultShim", type: .dynamic, targets: ["FaultShim"]),
    ],
    dependencies: [
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1",
            traits: ["FullFoundation"]),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .target(name: "StrictJSON", swiftSettings: memorySafe),
        .target(name: "TimeSeries", swiftSettings: memorySafe),
        .target(
            name: "EventLine",
            dependencies: [
                "StrictJSON", "TimeSeries", .product(name: "Crypto", package: "swift-crypto"),
            ], swiftSettings: memorySafe),
        .target(name: "EventFormats", dependencies: ["StrictJSON"], swiftSettings: memorySafe),
        .target(
            name: "Intake",
            dependencies: ["EventFormats", "EventLine", "StrictJSON", "TimeSeries"],
            swiftSettings: memorySafe),
        .target(
            name: "Catalogue", dependencies: ["EventLine", "StrictJSON", "TimeSeries"],
            swiftSettings: memorySafe),
        .target(
            name: "EventIndex", dependencies: ["CZlib", "EventLine", "StrictJSON", "TimeSeries"],
            swiftSettings: memorySafe),
        .target(name: "Rollup", dependencies: ["TimeSeries"], swiftSettings: memorySafe),
        .target(name: "KPI", dependencies: ["Rollup", "TimeSeries"], swiftSettings: memorySafe),
        .target(name: "Retention", dependencies: ["TimeSeries"], swiftSettings: memorySafe),
        .target(
            name: "Folds", dependencies: ["Catalogue", "EventLine", "Rollup", "TimeSeries"],
            swiftSettings: memorySafe),
        .target(
            name: "Queries", dependencies: ["Rollup", "StrictJSON", "TimeSeries"],
            swiftSettings: memorySafe),
        .target(
            name: "Streams",
            dependencies: [
                "EventLine", "Queries", "StrictJSON", "TimeSeries",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOCore", package: nio),
            ], swiftSettings: memorySafe),
        .target(
            name: "Storage",
            dependencies: [
                "EventIndex", "Rollup", "TimeSeries",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: memorySafe),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
        .target(
            name: "Sealing", dependencies: ["CZstd", "StrictJSON"], swiftSettings: memorySafe),
        .target(
            name: "EventLog", dependencies: ["EventLine", "Sealing", "StrictJSON", "TimeSeries"],
            swiftSettings: memorySafe),
        .target(
            name: "Backup", dependencies: ["EventLine", "EventLog", "Storage", "TimeSeries"],
            swiftSettings: memorySafe),
        .target(
            name: "Pipeline",
            dependencies: [
                "Catalogue", "EventIndex", "EventLine", "EventLog", "Folds", "Intake", "KPI",
                "Queries", "Retention", "Rollup", "Sealing", "Storage", "Streams", "StrictJSON",
                "TimeSeries",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: memorySafe),
        .target(
            name: "WebSocketServer",
            dependencies: [
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOWebSocket", package: nio),
            ], swiftSettings: memorySafe),
        .target(
            name: "Delivery",
            dependencies: [
                "Storage", "StrictJSON", "TimeSeries",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: memorySafe),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "HTTPAPI",
            dependencies: [
                "Catalogue", "CZlib", "Definitions", "Delivery", "EventFormats", "EventLine",
                "EventLog", "Intake", "KPI", "Pipeline", "Queries", "Rollup", "Storage", "Streams",
                "StrictJSON", "TimeSeries", "WebSocketServer",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.embedInCode("openapi.yaml")],
            swiftSettings: memorySafe),
        .target(
            name: "Definitions",
            dependencies: [
                "Catalogue", "Delivery", "Intake", "KPI", "Retention", "TimeSeries",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: memorySafe),
        .target(
            name: "Daemon",
            dependencies: [
                "Catalogue", "Definitions", "Delivery", "EventFormats", "EventLog", "HTTPAPI",
                "Intake", "KPI", "Pipeline",
                "Folds", "Retention", "Rollup", "Storage", "Streams", "TimeSeries",
                "WebSocketServer",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: memorySafe),
        .systemLibrary(name: "CMalloc"),
        .executableTarget(
            name: "tidemark",
            dependencies: [
                "Backup", "Catalogue", "CMalloc", "Daemon", "EventIndex", "EventLine", "EventLog",
                "Folds", "Pipeline", "Queries", "Rollup", "Storage", "StrictJSON", "TimeSeries",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOPosix", package: nio),
            ], swiftSettings: memorySafe),
        .executableTarget(
            name: "tidemark-bench",
            dependencies: [
                .product(name: "NIOPosix", package: nio),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),

        // Tests: pure units beside their modules, then whole processes.
        .testTarget(
            name: "StrictJSONTests", dependencies: ["StrictJSON", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TimeSeriesTests", dependencies: ["TestSupport", "TimeSeries"],
            swiftSettings: strict),
        .testTarget(
            name: "EventLineTests",
            dependencies: [
                "EventFormats", "EventLine", "Intake", "StrictJSON", "TestSupport", "TimeSeries",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "IntakeTests",
            dependencies: [
                "EventFormats", "EventLine", "Intake", "StrictJSON", "TestSupport", "TimeSeries",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CatalogueTests",
            dependencies: ["Catalogue", "EventLine", "StrictJSON", "TestSupport", "TimeSeries"],
            swiftSettings: strict),
        .testTarget(
            name: "EventIndexTests",
            dependencies: ["EventIndex", "EventLine", "StrictJSON", "TestSupport", "TimeSeries"],
            swiftSettings: strict),
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .testTarget(
            name: "AllocationTests",
            dependencies: ["CAllocationCounter", "Rollup", "Streams", "TimeSeries"],
            swiftSettings: strict),
        .testTarget(
            name: "RollupTests", dependencies: ["Rollup", "TestSupport", "TimeSeries"],
            swiftSettings: strict),
        .testTarget(
            name: "FoldsTests",
            dependencies: ["Catalogue", "Folds", "Rollup", "Storage", "TestSupport", "TimeSeries"],
            swiftSettings: strict),
        .testTarget(
            name: "QueriesTests", dependencies: ["Queries", "Rollup", "TimeSeries"],
            swiftSettings: strict),
        .testTarget(
            name: "StreamsTests",
            dependencies: [
                "EventLine", "Streams", "StrictJSON", "TestSupport", "TimeSeries",
                .product(name: "NIOCore", package: nio),
            ], swiftSettings: strict),
        .testTarget(
            name: "WebSocketServerTests",
            dependencies: [
                "TestSupport", "WebSocketServer",
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOEmbedded", package: nio),
                .product(name: "NIOHTTP1", package: nio),
                .product(name: "NIOWebSocket", package: nio),
            ], swiftSettings: strict),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "EventIndex", "Rollup", "Storage", "TestSupport", "TimeSeries",
                .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: strict),
        .testTarget(
            name: "KPITests", dependencies: ["KPI", "Rollup", "TestSupport", "TimeSeries"],
            swiftSettings: strict),
        .testTarget(
            name: "RetentionTests", dependencies: ["Retention", "TestSupport", "TimeSeries"],
            swiftSettings: strict),
        .testTarget(
            name: "DefinitionsTests",
            dependencies: [
                "Catalogue", "Daemon", "Definitions", "Delivery", "Intake", "KPI", "Retention",
                "TimeSeries",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SealingTests", dependencies: ["Sealing", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EventLogTests",
            dependencies: [
                "EventLine", "EventLog", "Sealing", "StrictJSON", "TestSupport", "TimeSeries",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "EventFormats", "EventLine", "EventLog", "Intake", "KPI", "Pipeline", "Storage",
                "StrictJSON", "TestSupport", "TimeSeries",
                .product(name: "NIOPosix", package: nio),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ], swiftSettings: strict),
        .testTarget(
            name: "DeliveryTests",
            dependencies: [
                "Delivery", "ServerSupport", "Storage", "TestSupport", "TimeSeries", "tidemark",
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
            ], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["ServerSupport", "tidemark"],
            swiftSettings: strict),
        .testTarget(
            name: "CrashTests",
            dependencies: ["FaultSupport", "ServerSupport", "Storage", "TestSupport", "tidemark"],
            swiftSettings: strict),
        .testTarget(
            name: "FaultSupportTests", dependencies: ["FaultSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "PackageTests", dependencies: ["ServerSupport", "tidemark"], swiftSettings: strict
        ),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "ServerSupport", path: "Tests/ServerSupport", exclude: ["keep-everything.yaml"],
            swiftSettings: strict),
        .target(
            name: "FaultSupport", dependencies: ["TestSupport"], path: "Tests/FaultSupport",
            swiftSettings: strict),
        .target(
            name: "FaultShim", path: "Tests/FaultShim", cSettings: [.define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("dl")]),
    ]
)
