using IncomingCalls.PostgreSql.Options;
using IncomingCalls.Shared;
using Microsoft.Extensions.Options;
using Npgsql;

namespace IncomingCalls;

/// <summary>The options of the PostgreSQL inbox; configuration section <c>IncomingCalls:PostgreSql</c>. They are validated and read once, when the host starts.</summary>
public sealed class PostgreSqlInboxOptions
{
    /// <summary>The keys of the section.</summary>
    internal static readonly KnownKeys Keys = new()
    {
        nameof(ConnectionString),
        nameof(Schema),
        nameof(CreateSchema),
        nameof(MaxConcurrentAttempts),
        nameof(MissingHandlerTimeout),
        nameof(Retention),
        nameof(MaxQuarantineItems),
        nameof(MaxDeadLetters),
        nameof(DeadLetterRetention),
        nameof(QuarantineRetention),
    };

    /// <summary>The connection string of the database. The inbox opens pools of its own, so that its connections and those of the host do not wait for each other.</summary>
    /// <value>Default: null, for that of the data source that was passed to <c>UsePostgreSqlInbox</c>. Required without one.</value>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// Configures the builder of each pool of the inbox: a password provider, certificates, or the types that handlers use with <see cref="ICallEventTransaction"/>. The
    /// connection string is set before. Set in code; called once for each pool, and at the start for single connections.
    /// </summary>
    /// <value>Default: null, for what the connection string says.</value>
    public Action<NpgsqlDataSourceBuilder>? ConfigureDataSource { get; set; }

    /// <summary>The schema of the tables. Two clusters can share a database with a schema each.</summary>
    /// <value>Default: <c>incoming_calls</c>. At most 63 lower-case letters, digits and underscores.</value>
    public string Schema { get; set; } = "incoming_calls";

    /// <summary>Whether a node creates the schema and its tables, and changes them after an update. If false, a DBA does so before, with what <c>incoming-calls inbox schema --sql</c> prints.</summary>
    /// <value>Default: true.</value>
    public bool CreateSchema { get; set; } = true;

    /// <summary>The maximum number of attempts that a node runs at once, each with a connection. Operator alerts are not limited by it.</summary>
    /// <value>Default: 12. Range: 1 to 200.</value>
    [NumberRange(1, 200)]
    public int MaxConcurrentAttempts { get; set; } = 12;

    /// <summary>
    /// How long the deliveries of a handler that no node has are stored before they become dead letters. During a rolling update the new handlers exist on
    /// some of the nodes only.
    /// </summary>
    /// <value>Default: 1 day. Range: 10 minutes to 30 days.</value>
    public TimeSpan MissingHandlerTimeout { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The minimum delay before an attempt that was interrupted more than once is repeated. Tests shorten it.</summary>
    internal TimeSpan InterruptedRetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long finished calls are stored, and with them the deduplication of their notifications. Calls that are not finished or have a dead letter are stored longer.</summary>
    /// <value>Default: 7 days. Range: 1 day to 3650 days.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The maximum number of notifications of one instance in the quarantine. Above it the oldest are deleted.</summary>
    /// <value>Default: 10,000. Range: 1 to 1,000,000.</value>
    [NumberRange(1, 1_000_000)]
    public int MaxQuarantineItems { get; set; } = 10_000;

    /// <summary>The maximum number of dead letters of one instance. Above it the oldest are deleted.</summary>
    /// <value>Default: 10,000. Range: 1 to 1,000,000.</value>
    [NumberRange(1, 1_000_000)]
    public int MaxDeadLetters { get; set; } = 10_000;

    /// <summary>How long dead letters are stored, from the last attempt. They contain personal data.</summary>
    /// <value>Default: 30 days. Range: 1 day to 3650 days.</value>
    public TimeSpan DeadLetterRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long notifications are stored in the quarantine. They contain personal data.</summary>
    /// <value>Default: 14 days. Range: 1 day to 3650 days.</value>
    public TimeSpan QuarantineRetention { get; set; } = TimeSpan.FromDays(14);
}

/// <summary>Validates the options. Every message names the key and a valid value; the connection string, which contains the password, is never part of one.</summary>
/// <param name="bound">The sections that were bound to the options.</param>
/// <param name="hasDataSource">Whether the host has passed a data source, whose connection string is used unless there is one here.</param>
internal sealed class PostgreSqlInboxOptionsValidator(IEnumerable<BoundSection<PostgreSqlInboxOptions>> bound, bool hasDataSource) : IValidateOptions<PostgreSqlInboxOptions>
{
    private const int MaxNameLength = 63;

    /// <summary>Less would make dead letters of the deliveries of a new handler while a rolling update has not reached all nodes, or while its only node restarts.</summary>
    private static readonly TimeSpan MinMissingHandlerTimeout = TimeSpan.FromMinutes(10);

    private readonly PostgreSqlInboxOptionsRanges _ranges = new();

    public ValidateOptionsResult Validate(string? name, PostgreSqlInboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("IncomingCalls:PostgreSql", bound.Select(section => section.Section));
        if ((!hasDataSource || options.ConnectionString is not null) && check.Require(!string.IsNullOrWhiteSpace(options.ConnectionString), "ConnectionString", "is missing. Write the connection string of a database, for example Host=db;Database=crm;Username=crm;Password=..., or pass it to UsePostgreSqlInbox. One that is passed, such as an empty ConnectionStrings entry, takes precedence."))
        {
            var problem = ConnectionStringCheck.FindProblem(options.ConnectionString!);
            check.Require(problem is null, "ConnectionString", $"{problem} A connection string that is passed to UsePostgreSqlInbox takes precedence.");
        }

        check.Require(IsName(options.Schema), "Schema", "is not the name of a schema. Write lower-case letters, digits and underscores, for example incoming_calls.");
        check.RequireBetween("MissingHandlerTimeout", options.MissingHandlerTimeout, MinMissingHandlerTimeout, TimeSpan.FromDays(30));
        check.RequireBetween("Retention", options.Retention, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        check.RequireBetween("DeadLetterRetention", options.DeadLetterRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        check.RequireBetween("QuarantineRetention", options.QuarantineRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        check.RequireRanges(_ranges, options);
        return check.Result;
    }

    /// <summary>Returns whether a text is the name of a schema that needs no quotes.</summary>
    internal static bool IsName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
        && !name.StartsWith("pg_", StringComparison.Ordinal);
}

/// <summary>Validates the ranges of the whole numbers, which are declared by attributes.</summary>
[OptionsValidator]
internal sealed partial class PostgreSqlInboxOptionsRanges : IValidateOptions<PostgreSqlInboxOptions>;
