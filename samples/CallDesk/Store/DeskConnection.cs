using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

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
