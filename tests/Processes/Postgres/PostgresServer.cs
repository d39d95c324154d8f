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
    private Process? _server;

    private PostgresServer()
    {
    }

    /// <summary>The folder of the programs of PostgreSQL; null when it is not installed.</summary>
    public static string? Programs { get; } = new[] { "/usr/lib/postgresql" }
        .Where(Directory.Exists)
        .SelectMany(Directory.GetDirectories)
        .Select(version => Path.Combine(version, "bin"))
        .Concat(Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [])
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    /// <summary>The reason to skip tests; null when PostgreSQL is installed, or under CI, where it is required.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable("CI") == "true" || Programs is not null ? null : "No PostgreSQL is installed.";

    /// <summary>Gets the connection string of a database on this server. The database need not exist yet.</summary>
    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=desk;Database={database}";

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Settings as <c>name=value</c>, beside the default ones.</param>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        var postgres = new PostgresServer();
        try
        {
            await postgres.InitializeAsync(settings);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
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

    private async Task InitializeAsync(string[] settings)
    {
        if (Environment.IsPrivilegedProcess)
        {
            using var owner = Process.Start("chown", ["nobody:nogroup", _folder.FullName]);
            await owner.WaitForExitAsync();
        }

        await RunAsync("initdb", "-D", DataDirectory, "-U", "desk", "-A", "trust", "-E", "UTF8", "--no-sync");
        string[] arguments = ["-D", DataDirectory, "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder.FullName, .. settings.Prepend("listen_addresses=127.0.0.1").SelectMany(static setting => (string[])["-c", setting])];
        _server = Start("postgres", arguments);
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

    private static Process Start(string program, params string[] arguments)
    {
        string[] command = [.. Environment.IsPrivilegedProcess ? Unprivileged : [], Path.Combine(Programs!, program), .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
