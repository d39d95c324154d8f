using System.Net;
using IncomingCalls.Fuzz.Corpora;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Fuzz.Targets;

/// <summary>
/// Reads answers of the vendor's API with <see cref="GreenApiClient"/>, with any method and any status. Every answer is a result: the client throws nothing,
/// returns a notification that is in an answer, and no text with control characters.
/// </summary>
internal sealed class ApiTarget : FuzzTarget
{
    private static readonly CallInstance Instance = new() { IdInstance = 1101000001, ApiUrl = new("http://gateway.example"), ApiTokenInstance = "token" };
    private static readonly ChatId Chat = ChatId.Parse("10000001@c.us");
    private static readonly int[] ErrorStatuses = [400, 401, 403, 404, 429, 466, 469, 499, 500, 502, 504];

    private readonly AnsweringHandler _handler = new();
    private readonly ServiceProvider _services;
    private readonly GreenApiClient _client;

    public ApiTarget()
    {
        var services = new ServiceCollection();
        services.AddIncomingCalls().AddGreenApi(static _ => { });
        services.AddHttpClient(GreenApiClient.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => _handler);
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<GreenApiClient>();
    }

    public override IReadOnlyList<byte[]> Documents { get; } = [.. ApiAnswerCorpus.Read(), .. NotificationCorpus.Read()];

    public override async ValueTask<(string Kind, string? Fault)> CheckAsync(byte[] input, Random random)
    {
        // Most answers are those of a success, which contain more to read.
        var status = random.Next(3) == 0 ? ErrorStatuses[random.Next(ErrorStatuses.Length)] : 200;
        _handler.Answer = (status, input);
        var method = random.Next(7);
        try
        {
            var (result, fault) = method switch
            {
                0 or 1 => Check(await _client.ReceiveNotificationAsync(Instance), received => FindFault(received, input, status)),
                2 => Check(await _client.GetContactInfoAsync(Instance, Chat), FindFault),
                3 => Check(await _client.GetSettingsAsync(Instance), static _ => null),
                4 => Check(await _client.GetStateInstanceAsync(Instance), static _ => null),
                5 => Check(await _client.GetWebhooksCountAsync(Instance), static _ => null),
                _ => Check(await _client.DeleteNotificationAsync(Instance, 1), static _ => null),
            };
            return (result.ToString(), fault is null ? null : $"status {status}, method {method}: {fault}");
        }
        catch (Exception e)
        {
            return ("Thrown", $"status {status}, method {method}: the client threw {e}");
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _handler.Dispose();
        await base.DisposeAsync();
    }

    private static (GreenApiStatus Status, string? Fault) Check<T>(GreenApiResult<T> result, Func<T?, string?> findFault) =>
        (result.Status, !Enum.IsDefined(result.Status) ? $"the status is {result.Status}" : result.Status == GreenApiStatus.Ok ? findFault(result.Value) : null);

    private static string? FindFault(ReceivedNotification? received, byte[] input, int status)
    {
        var reading = NotificationReader.Read(input);
        var isExpected = reading.Kind != NotificationKind.NotANotification && (status == 200 || reading.ReceiptId is not null);
        return isExpected && received is null ? "the notification of the answer is missing"
            : isExpected && !received!.Utf8Json.Span.SequenceEqual(input) ? "the notification differs from the answer"
            : null;
    }

    private static string? FindFault(GreenApiContact? contact) =>
        new[] { contact?.ContactName, contact?.Name }.Any(static name => name is "" || name?.Any(char.IsControl) == true) ? "a name is empty or contains a control character"
        : contact?.PhoneNumber <= 0 ? "the phone number is not positive"
        : null;

    /// <summary>Answers each request with the answer that the same asynchronous flow has set.</summary>
    private sealed class AnsweringHandler : HttpMessageHandler
    {
        private readonly AsyncLocal<(int Status, byte[] Body)> _answer = new();

        public (int Status, byte[] Body) Answer
        {
            set => _answer.Value = value;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage((HttpStatusCode)_answer.Value.Status) { Content = new ByteArrayContent(_answer.Value.Body) });
    }
}
