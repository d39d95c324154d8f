using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallDesk.Store;

/// <summary><c>ConnectionStrings:Desk</c>: a PostgreSQL when it names a host, else a file of SQLite.</summary>
internal sealed class DeskConnection
{
    private readonly string _connectionString;

    /// <param name="configuration">The configuration.</param>
    /// <param name="contentRoot">The folder that a relative path of a file is relative to.</param>
    public DeskConnection(IConfiguration configuration, string contentRoot)
    {
        _connectionString = configuration.GetConnectionString("Desk") ?? "Data Source=data/desk.db";
        DbConnectionStringBuilder any = new() { ConnectionString = _connectionString };
        IsPostgres = any.ContainsKey("Host") || any.ContainsKey("Server");
        if (!IsPostgres)
        {
            SqliteConnectionStringBuilder file = new(_connectionString);
            file.DataSource = Path.GetFullPath(file.DataSource, contentRoot);
            _connectionString = file.ConnectionString;
        }
    }

    public bool IsPostgres { get; }

    /// <summary>How many may write at once: PostgreSQL minds its rows, SQLite has room for one.</summary>
    public int MaxWriters => IsPostgres ? 16 : 1;

    public void Configure(DbContextOptionsBuilder options)
    {
        if (IsPostgres)
        {
            options.UseNpgsql(_connectionString);
        }
        else
        {
            options.UseSqlite(_connectionString);
        }
    }
}

/// <summary>What the databases say when another process was faster.</summary>
internal static class DatabaseConflict
{
    /// <summary>SQLITE_CONSTRAINT_PRIMARYKEY.</summary>
    private const int PrimaryKeyViolation = 1555;

    /// <summary>Whether a row with this key is there already.</summary>
    public static bool IsDuplicateKey(this DbUpdateException exception) => exception.InnerException
        is SqliteException { SqliteExtendedErrorCode: PrimaryKeyViolation }
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Whether another node is creating, or has just created, the same database or its tables.</summary>
    public static bool IsConcurrentCreation(this PostgresException exception) => exception.SqlState
        is PostgresErrorCodes.DuplicateDatabase
        or PostgresErrorCodes.DuplicateTable
        or PostgresErrorCodes.UniqueViolation
        or PostgresErrorCodes.ObjectInUse;
}

/// <summary>
/// Lets in as many writers as the database has room for. SQLite lets them in one by one too, but whoever finds it busy sleeps for 150 ms;
/// an operator sees that.
/// </summary>
internal sealed class WriterLimiter(int writers) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(writers, writers);

    /// <summary>Waits for one's turn, which ends with the disposal of the result.</summary>
    public async ValueTask<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        return new Permit(_gate);
    }

    public void Dispose() => _gate.Dispose();

    private sealed class Permit(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
