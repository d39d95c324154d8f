using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace IncomingCalls.Processes;

/// <summary>A temporary PgBouncer in transaction mode in front of a PostgreSQL server: each transaction may have another session.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-pgbouncer-");
    private readonly int _port = RedisProcess.FreePort();
    private Process? _process;

    private PgBouncer()
    {
    }

    /// <summary>The reason to skip tests; null when PgBouncer and PostgreSQL are installed, or under CI, where they are required.</summary>
    public static string? Missing { get; } = PostgresServer.Missing ?? (Environment.GetEnvironmentVariable("CI") == "true" || Program is not null ? null : "No PgBouncer is installed.");

    private static string? Program => $"/usr/sbin{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}".Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "pgbouncer"))
        .FirstOrDefault(File.Exists);

    /// <summary>Gets the connection string of a database of the server, through the pooler.</summary>
    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=desk;Database={database}";

    public static async Task<PgBouncer> StartAsync(PostgresServer server)
    {
        var pooler = new PgBouncer();
        try
        {
            await pooler.RunAsync(server);
            return pooler;
        }
        catch
        {
            await pooler.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task RunAsync(PostgresServer server)
    {
        var settings = Path.Combine(_folder.FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(settings, string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            * = host=127.0.0.1 port={server.Port} user=desk
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 40
            max_client_conn = 400
            """));
        if (Environment.IsPrivilegedProcess)
        {
            using var owner = Process.Start("chown", ["-R", "nobody:nogroup", _folder.FullName]);
            await owner.WaitForExitAsync();
        }

        _process = PostgresServer.Start(Program!, "-q", settings);
        // The output must be read, since a full pipe would block the pooler.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsListeningAsync())
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"PgBouncer ended with {_process.ExitCode} instead of starting.");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private async Task<bool> IsListeningAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
