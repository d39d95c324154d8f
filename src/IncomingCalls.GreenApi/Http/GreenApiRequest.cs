using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using IncomingCalls.GreenApi.Instances;

namespace IncomingCalls.GreenApi.Http;

/// <summary>A request before it is sent. The address contains the token, so <see cref="ToString"/> omits it.</summary>
internal readonly record struct GreenApiRequest
{
    /// <summary>The timeout of a request; for a long poll it is added to the wait time.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The timeout of the HTTP client. It is longer than every timeout of a request, and is a safety net in case one of those does not take
    /// effect.
    /// </summary>
    public static readonly TimeSpan HttpClientTimeout = TimeSpan.FromSeconds(120);

    private readonly HttpMethod _httpMethod;
    private readonly string _address;
    private readonly ReadOnlyMemory<byte> _body;

    private GreenApiRequest(HttpMethod verb, string method, CallInstance instance, string suffix, ReadOnlyMemory<byte> body = default)
    {
        ArgumentNullException.ThrowIfNull(instance);
        if (InstanceValidator.FindProblem(instance) is { } problem)
        {
            throw new ArgumentException($"Instance {instance.IdInstance} cannot be used. {problem}", nameof(instance));
        }

        _httpMethod = verb;
        _body = body;
        _address = string.Create(
            CultureInfo.InvariantCulture,
            $"{instance.ApiUrl.GetLeftPart(UriPartial.Path).TrimEnd('/')}/waInstance{instance.IdInstance}/{method}/{Uri.EscapeDataString(instance.ApiTokenInstance!)}{suffix}");
        Method = method;
        IdInstance = instance.IdInstance;
        Timeout = DefaultTimeout;
    }

    public string Method { get; }

    public long IdInstance { get; }

    public TimeSpan Timeout { get; init; }

    public static GreenApiRequest Get(string method, CallInstance instance, string suffix = "") => new(HttpMethod.Get, method, instance, suffix);

    public static GreenApiRequest Delete(string method, CallInstance instance, string suffix) => new(HttpMethod.Delete, method, instance, suffix);

    public static GreenApiRequest Post(string method, CallInstance instance, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return new(HttpMethod.Post, method, instance, "", body.WrittenMemory);
    }

    public HttpRequestMessage ToHttpRequest()
    {
        var request = new HttpRequestMessage(_httpMethod, _address);
        if (!_body.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(_body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        }

        return request;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Method} of instance {IdInstance}");
}
