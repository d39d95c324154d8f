using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.Processes;

/// <summary>A temporary PostgreSQL server with the default settings: a commit is on the disk when it returns.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The command that runs PostgreSQL without root rights, since it does not start as root.</summary>
    private static readonly string[] Unprivileged = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-postgres-");
    private readonly int _port = RedisProcess.FreePort();
    private readonly PostgresServerOptions _options;
    private Process? _server;

    private PostgresServer(PostgresServerOptions? options = null) => _options = options ?? new();

    /// <summary>The folder of the programs of PostgreSQL; null when it is not installed.</summary>
    public static string? Programs { get; } = new[] { "/usr/lib/postgresql" }
        .Where(Directory.Exists)
        .SelectMany(Directory.GetDirectories)
        .Select(version => Path.Combine(version, "bin"))
        .Concat(Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [])
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    /// <summary>The reason to skip tests; null when PostgreSQL is installed, or under CI, where it is required.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable("CI") == "true" || Programs is not null ? null : "No PostgreSQL is installed.";

    /// <summary>The port that the server listens on, of the address 127.0.0.1.</summary>
    public int Port => _port;

    /// <summary>Gets the connection string of a database on this server. The database need not exist yet.</summary>
    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=desk;Database={database}";

    /// <summary>Gets the connection string for an address that the server listens on, and a role.</summary>
    public string ConnectionString(string database, string host, string role) => $"Host={host};Port={_port};Username={role};Database={database}";

    /// <param name="options">The options; null for the default ones.</param>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions? options = null)
    {
        var postgres = new PostgresServer(options);
        try
        {
            await postgres.InitializeAsync();
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a standby of this server, which replicates it.</summary>
    public async Task<PostgresServer> StartStandbyAsync()
    {
        var standby = new PostgresServer();
        try
        {
            await standby.OwnFolderAsync();
            await RunAsync("pg_basebackup", "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "desk", "-D", standby.DataDirectory, "-R", "-c", "fast", "--no-sync");
            await standby.RunServerAsync();
            return standby;
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a standby a server of its own.</summary>
    public Task PromoteAsync() => RunAsync("pg_ctl", "promote", "-D", DataDirectory, "-s");

    /// <summary>Executes a script as a DBA does, with psql; it ends at the first error.</summary>
    public async Task ExecuteScriptAsync(string database, string script)
    {
        using var psql = Start("psql", "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "desk", "-d", database, "-q", "-X", "-v", "ON_ERROR_STOP=1");
        var output = psql.StandardOutput.ReadToEndAsync();
        var errors = psql.StandardError.ReadToEndAsync();
        await psql.StandardInput.WriteAsync(script);
        psql.StandardInput.Close();
        await psql.WaitForExitAsync();
        if (psql.ExitCode != 0)
        {
            throw new InvalidOperationException($"psql ended with {psql.ExitCode}: {await output}{await errors}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await RunAsync("pg_ctl", "stop", "-D", DataDirectory, "-m", "immediate", "-s");
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private string DataDirectory => Path.Combine(_folder.FullName, "data");

    private async Task InitializeAsync()
    {
        await OwnFolderAsync();
        await RunAsync("initdb", "-D", DataDirectory, "-U", "desk", "-A", "trust", "-E", "UTF8", "--no-sync");
        // Members of the role with_password need one.
        var access = Path.Combine(DataDirectory, "pg_hba.conf");
        await File.WriteAllTextAsync(access, $"host all +with_password 127.0.0.1/32 scram-sha-256\n{await File.ReadAllTextAsync(access)}");
        if (_options.Network is { } network)
        {
            await File.AppendAllTextAsync(access, $"host all all {network} trust\n");
        }

        await RunServerAsync();
    }

    private async Task OwnFolderAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            using var owner = Process.Start("chown", ["nobody:nogroup", _folder.FullName]);
            await owner.WaitForExitAsync();
        }
    }

    /// <summary>Stops the server as a crash does: sessions are ended without a word, and the next start recovers from the log.</summary>
    public async Task StopImmediatelyAsync()
    {
        await RunAsync("pg_ctl", "stop", "-D", DataDirectory, "-m", "immediate", "-s");
        await _server!.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Starts the server, again after <see cref="StopImmediatelyAsync"/>, and waits until it answers.</summary>
    public async Task RunServerAsync()
    {
        string[] settings =
        [
            $"listen_addresses={(_options.Address is { } address ? $"127.0.0.1,{address}" : "127.0.0.1")}",
            string.Create(CultureInfo.InvariantCulture, $"max_connections={_options.MaxConnections}"),
            .. _options.Settings,
        ];
        _server = Start("postgres", ["-D", DataDirectory, "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder.FullName, .. settings.SelectMany(static setting => (string[])["-c", setting])]);
        // The output must be read, since a full pipe would block the server.
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsReadyAsync())
        {
            if (_server.HasExited)
            {
                throw new InvalidOperationException($"PostgreSQL ended with {_server.ExitCode} instead of starting.");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        using var probe = Start("pg_isready", "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-q");
        await probe.WaitForExitAsync();
        return probe.ExitCode == 0;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output}{errors}");
        }
    }

    /// <summary>Starts a program of PostgreSQL, or another one by its path, without root rights.</summary>
    internal static Process Start(string program, params string[] arguments)
    {
        string[] command = [.. Environment.IsPrivilegedProcess ? Unprivileged : [], Path.Combine(Programs!, program), .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = program == "psql",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}

/// <summary>The options of a temporary PostgreSQL server.</summary>
public sealed record PostgresServerOptions
{
    /// <summary>An address that the server listens on beside 127.0.0.1; null for none.</summary>
    public string? Address { get; init; }

    /// <summary>The network whose machines may connect, such as <c>198.18.0.0/24</c>; null for none.</summary>
    public string? Network { get; init; }

    public int MaxConnections { get; init; } = 100;

    /// <summary>Other settings, as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
