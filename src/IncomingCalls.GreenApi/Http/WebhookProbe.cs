using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Http;

/// <summary>A request with which the doctor checks a webhook: a notification as the gateway posts it.</summary>
internal sealed class WebhookProbe
{
    /// <summary>Longer than the timeout of a handler of the host, and shorter than the time that the gateway waits.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(40);

    /// <summary>A body from which a server is asked first whether it accepts the length. One that does not answer gets the body after a second.</summary>
    private const int LargeBody = 64 * 1024;

    /// <summary>The address of the webhook, which may contain a secret.</summary>
    public required Uri Address { get; init; }

    /// <summary>The value of the Authorization header; null for no header.</summary>
    public required string? Authorization { get; init; }

    /// <summary>Whether the token is wrong on purpose.</summary>
    public bool IsWrongToken { get; init; }

    /// <summary>The notification.</summary>
    public required ReadOnlyMemory<byte> Utf8Json { get; init; }

    /// <summary>Creates a notification of a type without a handler. Messages and states could have an effect in the host.</summary>
    /// <param name="idInstance">The instance.</param>
    /// <param name="at">The time of the notification.</param>
    /// <param name="padding">By how many bytes the notification is longer than it needs to be.</param>
    public static ReadOnlyMemory<byte> CreateNotification(long idInstance, DateTimeOffset at, int padding = 0)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("typeWebhook"u8, "incomingCallsDoctor"u8);
            writer.WriteStartObject("instanceData"u8);
            writer.WriteNumber("idInstance"u8, idInstance);
            writer.WriteString("wid"u8, ""u8);
            writer.WriteString("typeInstance"u8, "whatsapp"u8);
            writer.WriteEndObject();
            writer.WriteNumber("timestamp"u8, at.ToUnixTimeSeconds());
            if (padding > 0)
            {
                writer.WriteString("padding"u8, new string('0', padding));
            }

            writer.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    public HttpRequestMessage ToHttpRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ReadOnlyMemoryContent(Utf8Json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("User-Agent", DoctorUserAgent.Create(IsWrongToken));
        // A server may close the connection instead of reading a body that it rejects, and its response would be lost.
        request.Headers.ExpectContinue = Utf8Json.Length > LargeBody;
        if (Authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        }

        return request;
    }
}
