/// The tables of `control.sqlite`.
enum ControlTables {
    static let all = control + judging + people + webhooks + deliveries

    /// `store_key` makes the ids of messages differ from those of every other store.
    private static let control = """
        CREATE TABLE control (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            store_key BLOB NOT NULL CHECK (length(store_key) = 16),
            last_tick_ms INTEGER,
            next_episode INTEGER NOT NULL CHECK (next_episode > 0)
        ) STRICT;
        INSERT INTO control (only, store_key, next_episode) VALUES (1, randomblob(16), 1);

        """

    private static let judging = """
        CREATE TABLE episodes (
            episode_id INTEGER PRIMARY KEY CHECK (episode_id > 0),
            kpi TEXT NOT NULL,
            tags TEXT NOT NULL,
            level TEXT NOT NULL CHECK (level IN ('alert', 'critical')),
            state TEXT NOT NULL CHECK (state IN ('firing', 'resolved', 'expired')),
            started_ms INTEGER NOT NULL,
            ended_ms INTEGER,
            peak TEXT,
            peak_ms INTEGER,
            acknowledged_by TEXT,
            acknowledged_ms INTEGER,
            query TEXT NOT NULL,
            CHECK ((state = 'firing') = (ended_ms IS NULL)),
            CHECK ((acknowledged_by IS NULL) = (acknowledged_ms IS NULL))
        ) STRICT;
        CREATE INDEX episodes_by_time ON episodes (started_ms);
        CREATE INDEX episodes_firing ON episodes (state) WHERE state = 'firing';

        CREATE TABLE kpi_states (
            kpi TEXT NOT NULL,
            tags TEXT NOT NULL,
            state BLOB NOT NULL,
            status TEXT NOT NULL,
            since_ms INTEGER NOT NULL,
            value TEXT,
            episode_id INTEGER REFERENCES episodes (episode_id),
            PRIMARY KEY (kpi, tags)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE transitions (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            episode_id INTEGER REFERENCES episodes (episode_id),
            kpi TEXT NOT NULL,
            tags TEXT NOT NULL,
            at_ms INTEGER NOT NULL,
            from_status TEXT NOT NULL,
            to_status TEXT NOT NULL,
            type TEXT NOT NULL,
            value TEXT,
            log_id INTEGER NOT NULL CHECK (log_id >= 0),
            notifies INTEGER NOT NULL CHECK (notifies IN (0, 1)),
            silenced INTEGER NOT NULL CHECK (silenced IN (0, 1)),
            body BLOB NOT NULL
        ) STRICT;
        CREATE INDEX transitions_of_episode ON transitions (episode_id);

        """

    private static let people = """
        CREATE TABLE silences (
            silence_id INTEGER PRIMARY KEY AUTOINCREMENT,
            matcher TEXT NOT NULL,
            until_ms INTEGER NOT NULL,
            made_by TEXT NOT NULL,
            comment TEXT NOT NULL,
            created_ms INTEGER NOT NULL
        ) STRICT;

        """

    /// Lists are JSON arrays of texts; an empty one is "any".
    private static let webhooks = """
        CREATE TABLE webhooks (
            webhook_id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            format TEXT NOT NULL,
            secrets TEXT NOT NULL,
            kpis TEXT NOT NULL,
            levels TEXT NOT NULL,
            source_apps TEXT NOT NULL,
            watchdog INTEGER NOT NULL CHECK (watchdog IN (0, 1)),
            from_file INTEGER NOT NULL CHECK (from_file IN (0, 1)),
            disabled_why TEXT,
            created_ms INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        """

    /// The outbox. In a lane (what of one episode goes to one webhook) one delivery is `pending`, the
    /// later ones are `waiting`: so what is due is found without passing over what may not go yet.
    private static let deliveries = """
        CREATE TABLE deliveries (
            delivery_id INTEGER PRIMARY KEY AUTOINCREMENT,
            webhook_id TEXT NOT NULL REFERENCES webhooks (webhook_id) ON DELETE CASCADE,
            message_id TEXT NOT NULL,
            lane TEXT NOT NULL,
            seq INTEGER NOT NULL REFERENCES transitions (seq),
            state TEXT NOT NULL CHECK (
                state IN ('pending', 'waiting', 'delivered', 'failed', 'superseded')),
            created_ms INTEGER NOT NULL,
            attempts INTEGER NOT NULL CHECK (attempts >= 0),
            next_ms INTEGER,
            overtaken_ms INTEGER,
            last_attempt_ms INTEGER,
            last_status INTEGER,
            last_error TEXT,
            ended_ms INTEGER,
            CHECK ((state = 'pending') = (next_ms IS NOT NULL)),
            CHECK (state = 'pending' OR overtaken_ms IS NULL),
            CHECK ((state IN ('pending', 'waiting')) = (ended_ms IS NULL)),
            UNIQUE (webhook_id, message_id)
        ) STRICT;
        CREATE INDEX deliveries_due ON deliveries (webhook_id, next_ms, delivery_id)
            WHERE state = 'pending';
        CREATE INDEX deliveries_overtaken ON deliveries (webhook_id, overtaken_ms)
            WHERE overtaken_ms IS NOT NULL;
        CREATE INDEX deliveries_in_lane ON deliveries (webhook_id, lane, state, delivery_id);
        CREATE INDEX deliveries_of_webhook ON deliveries (webhook_id, delivery_id);
        CREATE INDEX deliveries_open ON deliveries (webhook_id)
            WHERE state IN ('pending', 'waiting');
        CREATE INDEX deliveries_ended ON deliveries (ended_ms) WHERE ended_ms IS NOT NULL;
        CREATE INDEX deliveries_of_transition ON deliveries (seq);
        """
}
