using System.Text;

namespace IncomingCalls.LoadTests;

/// <summary>A request that is ready but for the id of the call. Not safe for several threads: each connection has its own.</summary>
internal sealed class RequestTemplate
{
    private const int IdLength = 32;
    private static readonly string Id = new('0', IdLength);

    private readonly byte[] _bytes;
    private readonly int _idOffset;

    private RequestTemplate(string body)
    {
        _bytes = Encoding.ASCII.GetBytes(
            $"POST {LoadServer.Path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {LoadServer.Token}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        _idOffset = _bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Id));
    }

    /// <summary>A call notification of now.</summary>
    public static RequestTemplate Call(long idInstance, string status) => new(
        $$"""{"from":"70000000101@c.us","typeWebhook":"incomingCall","instanceData":{"idInstance":{{idInstance}},"wid":"70000000001@c.us","typeInstance":"whatsapp"},"status":"{{status}}","timestamp":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}},"idMessage":"{{Id}}"}""");

    /// <summary>The foreign message of 100 KB.</summary>
    public static RequestTemplate OtherType() => new(Encoding.ASCII.GetString(SamplePayloads.OtherType).Replace("AAAA0000000000000000000000000002", Id, StringComparison.Ordinal));

    /// <summary>The text of an id.</summary>
    public static string FormatId(long call) => call.ToString("X32", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The whole request for a call.</summary>
    public ReadOnlyMemory<byte> Render(long call)
    {
        call.TryFormat(_bytes.AsSpan(_idOffset, IdLength), out _, "X32", System.Globalization.CultureInfo.InvariantCulture);
        return _bytes;
    }
}
