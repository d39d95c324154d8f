using System.Text.Json;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.LoadTests;

/// <summary>The poller that an application without this library would use: it receives, deserializes the baseline record, and deletes, on one HTTP client.</summary>
internal sealed class BaselinePoller(InstanceRange instances, HandledCounter handled) : BackgroundService
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
        var receive = new Uri($"waInstance{idInstance}/receiveNotification/{InstanceRange.ApiToken}?receiveTimeout=20", UriKind.Relative);
        while (!stoppingToken.IsCancellationRequested)
        {
            var bytes = await _client.GetByteArrayAsync(receive, stoppingToken);
            if (JsonSerializer.Deserialize(bytes, BaselineJsonContext.Default.BaselineReceipt) is { Body: not null } receipt)
            {
                handled.Add();
                var delete = new Uri($"waInstance{idInstance}/deleteNotification/{InstanceRange.ApiToken}/{receipt.ReceiptId}", UriKind.Relative);
                using var answer = await _client.DeleteAsync(delete, stoppingToken);
                answer.EnsureSuccessStatusCode();
            }
        }
    }
}
