using System.Net.Sockets;

namespace IncomingCalls.LoadTests;

/// <summary>
/// A kept-alive connection that sends ready bytes and reads answers without a body: much cheaper than what a server does for
/// them, so that the server is what is measured.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[4096];

    public async Task ConnectAsync(Uri server) => await _socket.ConnectAsync(server.Host, server.Port);

    /// <summary>Sends a request and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The answer is not 200.</exception>
    public async ValueTask PostAsync(ReadOnlyMemory<byte> request)
    {
        while (request.Length > 0)
        {
            request = request[await _socket.SendAsync(request)..];
        }

        var length = 0;
        do
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(length));
            length = read > 0 ? length + read : throw new InvalidOperationException("The server hung up.");
        }
        while (!_answer.AsSpan(0, length).EndsWith("\r\n\r\n"u8));

        if (!_answer.AsSpan(0, length).StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidOperationException($"The server answered {System.Text.Encoding.ASCII.GetString(_answer, 0, length).Split('\r')[0]}");
        }
    }

    public void Dispose() => _socket.Dispose();
}
