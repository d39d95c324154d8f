using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace IncomingCalls.Processes;

/// <summary>A temporary Redis server that flushes writes to the disk before it answers. It can be killed and restarted.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-redis-");
    private Process? _process;

    public int Port { get; } = FreePort();

    /// <summary>
    /// Gets a free port below the range of outgoing connections, so that it is still free when a server starts or restarts on it.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(10_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // The port is in use; try another one.
            }
        }
    }

    /// <summary>Starts the server with the data of its earlier run, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">The server is not installed, or it exited instead.</exception>
    public async Task StartAsync()
    {
        string[] arguments =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.FullName,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--loglevel", "warning",
        ];
        try
        {
            _process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("redis-server cannot be started. Install Redis, and make sure that redis-server is on the PATH.", e);
        }

        using var timer = new PeriodicTimer(PollInterval);
        while (!await IsAnsweringAsync())
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"redis-server exited before it answered: {await _process.StandardOutput.ReadToEndAsync()}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Kills the server.</summary>
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

    /// <summary>Whether the server has loaded its data and answers.</summary>
    private async Task<bool> IsAnsweringAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadLineAsync() == "+PONG";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
