using System.Net.Sockets;
using System.Text;

namespace IncomingCalls.AspNetCore.Tests.Hosting;

/// <summary>A connection on which the test controls every byte.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);
    private NetworkStream _stream = null!;

    public static async Task<RawConnection> OpenAsync(WebhookHost host)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(host.Address.Host, host.Address.Port);
        connection._stream = new(connection._socket, ownsSocket: true);
        return connection;
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    public Task SendHeadAsync(string headers, string token = WebhookHostOptions.Token, string path = "/webhooks/green-api") =>
        SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n{headers}\r\n\r\n");

    /// <summary>Reads the status of the answer; the result is null when the server closed the connection without one.</summary>
    public async Task<int?> ReadStatusAsync()
    {
        using var patience = new CancellationTokenSource(ReadTimeout);
        var bytes = new byte[12];
        try
        {
            await _stream.ReadExactlyAsync(bytes, patience.Token);
        }
        catch (Exception e) when (e is EndOfStreamException or IOException)
        {
            return null;
        }

        return int.Parse(Encoding.ASCII.GetString(bytes)[9..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Shuts down the sending direction; the answer can still be received.</summary>
    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Resets the connection, as the crash of a process does.</summary>
    public void Reset()
    {
        _socket.LingerState = new(true, 0);
        _socket.Close();
    }

    public void Dispose() => _stream.Dispose();
}
