using System.Diagnostics;
using System.Net.Sockets;

namespace IncomingCalls.Processes;

/// <summary>An nginx with the configuration that comes with Debian and a site of the test, which listens on <see cref="Port"/> of the loopback address.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-nginx-");
    private Process? _process;

    private NginxProcess()
    {
    }

    /// <summary>The program; null when it is not installed. On Debian, its folder is not on the PATH of ordinary users.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [])
        .Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, "nginx"))
        .FirstOrDefault(File.Exists);

    /// <summary>The reason to skip tests; null when nginx is installed, or under CI, where it is required.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable("CI") == "true" || Program is not null ? null : "No nginx is installed.";

    public int Port { get; } = RedisProcess.FreePort();

    /// <summary>Starts nginx and waits until it listens.</summary>
    /// <param name="createSite">Creates the <c>server</c> block of the site from its port.</param>
    public static async Task<NginxProcess> StartAsync(Func<int, string> createSite)
    {
        var nginx = new NginxProcess();
        try
        {
            await nginx.InitializeAsync(createSite(nginx.Port));
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // The workers as well: they outlive a master that is killed.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>
    /// Creates the configuration: the directives of /etc/nginx/nginx.conf of Debian 12 that concern a proxy, with files in the folder of the test, and the
    /// site.
    /// </summary>
    private string CreateConfiguration(string site) => $$"""
        worker_processes auto;
        pid {{_folder.FullName}}/nginx.pid;
        error_log {{_folder.FullName}}/error.log;
        daemon off;

        events {
            worker_connections 768;
        }

        http {
            sendfile on;
            tcp_nopush on;
            types_hash_max_size 2048;
            default_type application/octet-stream;
            access_log {{_folder.FullName}}/access.log;
            gzip on;

            client_body_temp_path {{_folder.FullName}}/body;
            proxy_temp_path {{_folder.FullName}}/proxy;
            fastcgi_temp_path {{_folder.FullName}}/fastcgi;
            uwsgi_temp_path {{_folder.FullName}}/uwsgi;
            scgi_temp_path {{_folder.FullName}}/scgi;

            {{site}}
        }
        """;

    private async Task InitializeAsync(string site)
    {
        if (!OperatingSystem.IsWindows())
        {
            // The workers of an nginx that root starts have another user.
            File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        var configuration = Path.Combine(_folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(configuration, CreateConfiguration(site));
        _process = Process.Start(new ProcessStartInfo(Program!, ["-p", _folder.FullName, "-c", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // The output must be read, since a full pipe would block the process.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await IsListeningAsync())
        {
            _process.HasExited.Should().BeFalse("nginx should start; its log is: {0}", ReadErrorLog());
            await timer.WaitForNextTickAsync();
        }
    }

    private async Task<bool> IsListeningAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string ReadErrorLog()
    {
        var log = Path.Combine(_folder.FullName, "error.log");
        return File.Exists(log) ? File.ReadAllText(log) : "";
    }
}

/// <summary>A test that needs nginx. Without it, it is skipped, except under CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NginxFactAttribute : FactAttribute
{
    public NginxFactAttribute() => Skip = NginxProcess.Missing;
}

/// <inheritdoc cref="NginxFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NginxTheoryAttribute : TheoryAttribute
{
    public NginxTheoryAttribute() => Skip = NginxProcess.Missing;
}
