using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallDesk.Store;

/// <summary><c>ConnectionStrings:Desk</c>: a PostgreSQL database if it names a host, otherwise a SQLite file.</summary>
internal sealed class DeskConnection
{
    /// <param name="configuration">The configuration.</param>
    /// <param name="contentRoot">The base folder of a relative file path.</param>
    public DeskConnection(IConfiguration configuration, string contentRoot)
    {
        ConnectionString = configuration.GetConnectionString("Desk") ?? "Data Source=data/desk.db";
        DbConnectionStringBuilder settings = new() { ConnectionString = ConnectionString };
        IsPostgres = settings.ContainsKey("Host") || settings.ContainsKey("Server");
        if (!IsPostgres)
        {
            SqliteConnectionStringBuilder file = new(ConnectionString);
            file.DataSource = Path.GetFullPath(file.DataSource, contentRoot);
            ConnectionString = file.ConnectionString;
        }
    }

    /// <summary>The connection string; of a file with its full path.</summary>
    public string ConnectionString { get; }

    public bool IsPostgres { get; }

    /// <summary>The maximum of concurrent writers: PostgreSQL locks rows, SQLite allows a single writer.</summary>
    public int MaxWriters => IsPostgres ? 16 : 1;

    public void Configure(DbContextOptionsBuilder options)
    {
        if (IsPostgres)
        {
            options.UseNpgsql(ConnectionString);
        }
        else
        {
            options.UseSqlite(ConnectionString);
        }
    }
}

/// <summary>Recognizes database errors that mean that another process did the same write first.</summary>
internal static class DatabaseConflict
{
    /// <summary>SQLITE_CONSTRAINT_PRIMARYKEY.</summary>
    private const int PrimaryKeyViolation = 1555;

    /// <summary>Whether a row with this key exists already.</summary>
    public static bool IsDuplicateKey(this DbUpdateException exception) => exception.InnerException
        is SqliteException { SqliteExtendedErrorCode: PrimaryKeyViolation }
        or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Whether another node is creating or has just created the same database or its tables.</summary>
    public static bool IsConcurrentCreation(this PostgresException exception) => exception.SqlState
        is PostgresErrorCodes.DuplicateDatabase
        or PostgresErrorCodes.DuplicateTable
        or PostgresErrorCodes.UniqueViolation
        or PostgresErrorCodes.ObjectInUse;
}

/// <summary>
/// Limits the concurrent writers to what the database supports. SQLite serializes writers as well, but a writer that finds the file locked sleeps
/// for 150 ms, a delay that operators notice.
/// </summary>
internal sealed class WriterLimiter(int writers) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(writers, writers);

    /// <summary>Waits for a permit. Dispose the result to release it.</summary>
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
