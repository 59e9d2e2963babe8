internal import EventLog
internal import Logging
internal import Pipeline

/// What the operator reads in the server's own log.
extension Daemon {
    @Sendable static func report(_ damage: DamagedSpan, _ logger: Logger) {
        logger.error("passed over a damaged stretch of the log", metadata: ["at": "\(damage)"])
    }

    @Sendable static func report(_ outcome: SealingService.Outcome, _ logger: Logger) {
        switch outcome {
        case .sealed(let sealed):
            logger.info(
                "sealed a partition",
                metadata: [
                    "file": "\(sealed.fileName)", "bytes": "\(sealed.sealedBytes)",
                    "plain_bytes": "\(sealed.plainBytes)",
                ])
        case .failed(let error, let fileName):
            logger.error(
                "cannot seal a partition", metadata: ["file": "\(fileName)", "why": "\(error)"])
        }
    }

    static func report(_ recovery: RecoveryReport, _ logger: Logger) {
        if recovery.bytesCut > 0 {
            logger.warning("cut an unfinished line", metadata: ["bytes": "\(recovery.bytesCut)"])
        }
        for span in recovery.damage { report(span, logger) }
        for span in recovery.burned {
            logger.warning("passed over lines of a failed group", metadata: ["at": "\(span)"])
        }
    }

    @Sendable static func report(_ outcome: RetentionService.Outcome, _ logger: Logger) {
        switch outcome {
        case .applied(let report):
            for partition in report.partitions {
                logger.notice(
                    "removed a partition",
                    metadata: [
                        "file": "\(partition.file)", "bytes": "\(partition.bytes)",
                        "why": "\(partition.reason)",
                    ])
            }
        case .failed(let failure):
            logger.error("retention failed", metadata: ["why": "\(failure)"])
        case .pressure(let pressure, let freeBytes):
            let metadata: Logger.Metadata = ["free_bytes": "\(freeBytes)"]
            switch pressure {
            case .none: logger.notice("there is room on the disk again", metadata: metadata)
            case .low:
                logger.warning(
                    "little room on the disk: seals and removes early", metadata: metadata)
            case .full:
                logger.error("no room on the disk: takes no more events", metadata: metadata)
            }
        }
    }

    @Sendable static func report(_ trouble: KPIService.Trouble, _ logger: Logger) {
        switch trouble {
        case .notJudged(let error):
            logger.warning("a minute could not be judged", metadata: ["why": "\(error)"])
        case .tooManyBuckets(let kpis):
            logger.warning(
                "KPIs stay as they are: their windows have more than kpi_window_buckets_max",
                metadata: ["kpis": "\(kpis.joined(separator: ", "))"])
        }
    }
}
