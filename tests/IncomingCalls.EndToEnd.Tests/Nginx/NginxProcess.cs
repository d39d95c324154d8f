using System.Diagnostics;
using System.Net.Sockets;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Nginx;

/// <summary>An nginx with the configuration that comes with Debian, as a proxy before a server. It listens on the loopback address.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-nginx-");
    private readonly int _port = RedisProcess.FreePort();
    private Process? _process;

    private NginxProcess() => Http = new() { BaseAddress = new($"http://127.0.0.1:{_port}") };

    /// <summary>The program; null when it is not installed. On Debian, its folder is not on the PATH of ordinary users.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [])
        .Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, "nginx"))
        .FirstOrDefault(File.Exists);

    /// <summary>A client of the proxy.</summary>
    public HttpClient Http { get; }

    public static async Task<NginxProcess> StartAsync(Uri server)
    {
        var nginx = new NginxProcess();
        try
        {
            await nginx.InitializeAsync(server);
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
        Http.Dispose();
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
    /// Creates the configuration: the directives of /etc/nginx/nginx.conf of Debian 12 that concern a proxy, with files in the folder of the test, and a
    /// site with nothing but the address of the server.
    /// </summary>
    private string CreateConfiguration(Uri server) => $$"""
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

            server {
                listen 127.0.0.1:{{_port}};
                location / {
                    proxy_pass {{server.GetLeftPart(UriPartial.Authority)}};
                }
            }
        }
        """;

    private async Task InitializeAsync(Uri server)
    {
        if (!OperatingSystem.IsWindows())
        {
            // The workers of an nginx that root starts have another user.
            File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        var configuration = Path.Combine(_folder.FullName, "nginx.conf");
        await File.WriteAllTextAsync(configuration, CreateConfiguration(server));
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
            await client.ConnectAsync("127.0.0.1", _port);
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
    public NginxFactAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" || NginxProcess.Program is not null ? null : "No nginx is installed.";
}
