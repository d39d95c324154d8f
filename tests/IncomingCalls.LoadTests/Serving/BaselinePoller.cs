using System.Text.Json;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.LoadTests;

/// <summary>What somebody without this library would write: receive, read the twin record, delete, on one client.</summary>
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
