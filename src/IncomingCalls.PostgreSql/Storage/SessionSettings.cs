namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// The settings of the sessions of the inbox. A DBA can set defaults for a role or a database that would break a claim, such as a timeout of statements or another
/// isolation level, so each setting that matters is set explicitly: with the start of the session, or in each transaction where a session is shared.
/// </summary>
internal sealed class SessionSettings
{
    private const string AcceptingTimeout = "30s";

    /// <summary>Without them, the planner reads tables that are nearly empty and bloated from their beginning to their end. A plan that it would then compile is never worth it.</summary>
    private static readonly (string Name, string Value)[] IndexesOnly = [("enable_seqscan", "off"), ("enable_bitmapscan", "off"), ("jit", "off")];

    private readonly (string Name, string Value)[] _settings;
    private readonly bool _isReadOnly;

    /// <summary>Creates the settings of a pool.</summary>
    /// <param name="serverVersion">The version of the server, such as 150004 for 15.4.</param>
    /// <param name="isReadOnly">Whether a statement outside of the transactions of the inbox may write nothing.</param>
    /// <param name="isShort">Whether a transaction lasts seconds at most, because nothing outside of the database is waited for.</param>
    /// <param name="usesIndexesOnly">Whether the planner uses indexes where it can.</param>
    public SessionSettings(int serverVersion, bool isReadOnly = false, bool isShort = false, bool usesIndexesOnly = false)
    {
        var timeout = isShort ? AcceptingTimeout : "0";
        List<(string, string)> settings =
        [
            // A commit is on the disk when it returns.
            ("synchronous_commit", "on"),
            ("statement_timeout", timeout),
            ("lock_timeout", "0"),
            // The server ends a session that is silent in a transaction, so that a paused process holds no lock.
            ("idle_in_transaction_session_timeout", IdleTimeout),
            .. usesIndexesOnly ? IndexesOnly : [],
        ];
        if (serverVersion >= 140_000)
        {
            // A session that waits in the pool is not ended by the server.
            settings.Add(("idle_session_timeout", "0"));
        }

        if (serverVersion >= 170_000)
        {
            settings.Add(("transaction_timeout", timeout));
        }

        (_settings, _isReadOnly) = ([.. settings], isReadOnly);
    }

    /// <summary>The time after which the server ends a session that is silent in a transaction, as the server shows it.</summary>
    public const string IdleTimeout = "20s";

    /// <summary>A statement after which the planner uses indexes where it can, until the end of the transaction: the session may be that of a handler.</summary>
    public static string UseIndexesOnly { get; } = SetForTransaction(IndexesOnly);

    /// <summary>
    /// The startup options of a session of its own. The server notices within seconds that the machine of a session is gone, so that it holds no lock. Reads outside of a
    /// transaction of the inbox see what is committed.
    /// </summary>
    public string StartupOptions => string.Join(' ', _settings
        .Concat(
        [
            ("tcp_keepalives_idle", "5"),
            ("tcp_keepalives_interval", "2"),
            ("tcp_keepalives_count", "3"),
            ("tcp_user_timeout", "10000"),
            ("default_transaction_isolation", @"read\ committed"),
            ("default_transaction_deferrable", "off"),
            ("default_transaction_read_only", _isReadOnly ? "on" : "off"),
        ])
        .Select(static setting => $"-c {setting.Item1}={setting.Item2}"));

    /// <summary>The statements at the beginning of a transaction in a session of its own.</summary>
    public string[] TransactionStatements => _isReadOnly ? [ReadWrite] : [];

    /// <summary>The statements at the beginning of a transaction in a session that a pooler shares with other clients: they set nothing beyond it.</summary>
    public string[] SharedTransactionStatements => [ReadWrite, SetForTransaction(_settings)];

    private static string ReadWrite => "SET TRANSACTION READ WRITE";

    private static string SetForTransaction(IEnumerable<(string Name, string Value)> settings) =>
        $"SELECT {string.Join(", ", settings.Select(static setting => $"set_config('{setting.Name}', '{setting.Value}', true)"))}";
}
