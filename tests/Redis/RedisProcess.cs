using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace IncomingCalls.Redis;

/// <summary>A Redis of our own, which writes to the disk before it answers. It can be killed and started again.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-redis-");
    private Process? _process;

    /// <summary>Where it listens on loopback.</summary>
    public int Port { get; } = FreePort();

    public ConfigurationOptions Options => OptionsFor(Port);

    /// <summary>How to reach one: soon told when it is away, and soon back.</summary>
    public static ConfigurationOptions OptionsFor(int port) => new()
    {
        EndPoints = { { IPAddress.Loopback, port } },
        AbortOnConnectFail = false,
        ConnectTimeout = 1000,
        AsyncTimeout = 1000,
        SyncTimeout = 1000,
        ConnectRetry = 100,
        ReconnectRetryPolicy = new LinearRetry(200),
        BacklogPolicy = BacklogPolicy.FailFast,
    };

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts the server, on what an earlier one left.</summary>
    public async Task StartAsync()
    {
        string[] arguments =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--loglevel", "warning",
        ];
        _process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Options);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!connection.IsConnected)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"redis-server ended with exit code {_process.ExitCode} instead of starting.");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Kills the server, without a word to anybody.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _folder.Delete(recursive: true);
    }
}
