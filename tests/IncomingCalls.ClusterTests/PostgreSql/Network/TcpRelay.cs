using System.Net;
using System.Net.Sockets;

namespace IncomingCalls.ClusterTests;

/// <summary>Makes a port of 127.0.0.1 available on another address: the simulated gateway listens on 127.0.0.1 only, which a network namespace does not reach.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TcpListener _listener;
    private readonly int _port;
    private readonly Task _accepting;

    public TcpRelay(string address, int port)
    {
        _port = port;
        _listener = new(IPAddress.Parse(address), port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = RelayAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        using (var closing = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token))
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port, closing.Token);
                Task[] copies = [CopyAsync(client, server, closing.Token), CopyAsync(server, client, closing.Token)];
                // An end that has closed its connection does not want the rest.
                await Task.WhenAny(copies);
                await closing.CancelAsync();
                await Task.WhenAll(copies).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The gateway is stopped.
            }
        }
    }

    private static Task CopyAsync(TcpClient from, TcpClient to, CancellationToken cancellationToken) => from.GetStream().CopyToAsync(to.GetStream(), cancellationToken);
}
