using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.LoadTests;

/// <summary>The poller that an application without this library would use: it receives, deserializes the baseline record, and deletes, on one HTTP client.</summary>
internal sealed class BaselinePoller(PolledInstances instances, HandledCounter handled) : BackgroundService
{
    private readonly HttpClient _client = new() { BaseAddress = instances.ApiUrl };

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(instances.Ids.Select(id => PollAsync(id, stoppingToken)));

    private async Task PollAsync(long idInstance, CancellationToken stoppingToken)
    {
        var receive = new Uri($"waInstance{idInstance}/receiveNotification/{PolledInstances.ApiToken}?receiveTimeout=20", UriKind.Relative);
        while (!stoppingToken.IsCancellationRequested)
        {
            var bytes = await _client.GetByteArrayAsync(receive, stoppingToken);
            if (JsonSerializer.Deserialize(bytes, BaselineJsonContext.Default.BaselineReceipt) is { Body: not null } receipt)
            {
                handled.Add();
                var delete = new Uri($"waInstance{idInstance}/deleteNotification/{PolledInstances.ApiToken}/{receipt.ReceiptId}", UriKind.Relative);
                using var answer = await _client.DeleteAsync(delete, stoppingToken);
                answer.EnsureSuccessStatusCode();
            }
        }
    }
}

/// <summary>The arguments of a polling server: the instances that it polls.</summary>
internal sealed class PolledInstances
{
    /// <summary>The API token of every instance of the measurements.</summary>
    public const string ApiToken = "load-test-api-token-0123456789";

    public required Uri ApiUrl { get; init; }

    public required long First { get; init; }

    public required int Count { get; init; }

    public IEnumerable<long> Ids => Enumerable.Range(0, Count).Select(i => First + i);

    public static PolledInstances Parse(IReadOnlyList<string> arguments) => new()
    {
        ApiUrl = new(arguments[0]),
        First = long.Parse(arguments[1], CultureInfo.InvariantCulture),
        Count = int.Parse(arguments[2], CultureInfo.InvariantCulture),
    };

    public IEnumerable<string> ToArguments() =>
        [ApiUrl.OriginalString, First.ToString(CultureInfo.InvariantCulture), Count.ToString(CultureInfo.InvariantCulture)];
}
