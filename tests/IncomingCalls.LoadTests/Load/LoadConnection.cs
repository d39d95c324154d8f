using System.Net.Sockets;
using System.Text;

namespace IncomingCalls.LoadTests;

/// <summary>
/// A keep-alive connection that sends prepared bytes and reads answers without a body. This costs much less than the work of the server,
/// so that the server is what is measured.
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
            length = read > 0 ? length + read : throw new InvalidOperationException("The server closed the connection.");
        }
        while (!_answer.AsSpan(0, length).EndsWith("\r\n\r\n"u8));

        if (!_answer.AsSpan(0, length).StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidOperationException($"The server answered {System.Text.Encoding.ASCII.GetString(_answer, 0, length).Split('\r')[0]}");
        }
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>A request that is complete except for the id of the call. Not thread-safe: each connection has its own template.</summary>
internal sealed class RequestTemplate
{
    private const int IdLength = 32;
    private static readonly string Id = new('0', IdLength);

    private readonly byte[] _bytes;
    private readonly int _bodyOffset;
    private readonly int _idOffset;

    private RequestTemplate(string body)
    {
        _bytes = Encoding.ASCII.GetBytes(
            $"POST {LoadServer.Path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {LoadServer.Token}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        _bodyOffset = _bytes.Length - body.Length;
        _idOffset = _bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Id));
    }

    /// <summary>Creates a call notification with the current time.</summary>
    public static RequestTemplate Call(long idInstance, string status, long caller = KnownCallerNames.First) => new(
        $$"""{"from":"{{caller}}@c.us","typeWebhook":"incomingCall","instanceData":{"idInstance":{{idInstance}},"wid":"70000000001@c.us","typeInstance":"whatsapp"},"status":"{{status}}","timestamp":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}},"idMessage":"{{Id}}"}""");

    /// <summary>Formats the id of a call.</summary>
    public static string FormatId(long call) => call.ToString("X32", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Writes the id of a call into the request, and returns the whole request.</summary>
    public ReadOnlyMemory<byte> Render(long call)
    {
        call.TryFormat(_bytes.AsSpan(_idOffset, IdLength), out _, "X32", System.Globalization.CultureInfo.InvariantCulture);
        return _bytes;
    }

    /// <summary>Writes the id of a call into the request, and returns its body.</summary>
    public ReadOnlyMemory<byte> RenderBody(long call) => Render(call)[_bodyOffset..];
}
