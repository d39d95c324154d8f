using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace IncomingCalls.Orleans.Tests.Redis;

/// <summary>A Redis of our own, which writes to the disk before it answers. It can be killed and started again.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-redis-");
    private readonly int _port = FreePort();
    private Process? _process;

    public ConfigurationOptions Options => new()
    {
        EndPoints = { { IPAddress.Loopback, _port } },
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

    public Task InitializeAsync() => RedisFactAttribute.Missing is null ? StartAsync() : Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Starts the server, on what an earlier one left.</summary>
    public async Task StartAsync()
    {
        string[] arguments =
        [
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--loglevel", "warning",
        ];
        _process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Options);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!connection.IsConnected)
        {
            _process.HasExited.Should().BeFalse("the server should start");
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
}
