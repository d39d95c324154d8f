using System.Collections.Concurrent;
using System.Diagnostics;
using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.GreenApi.Tests.Telemetry;

/// <summary>Listens to all activity sources and meters, and so does not run in parallel with other tests.</summary>
[Collection(nameof(TokenLeakTests))]
[CollectionDefinition(nameof(TokenLeakTests), DisableParallelization = true)]
public sealed class TokenLeakTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _activities = new();
    private readonly ActivityListener _listener;

    public TokenLeakTests()
    {
        _listener = new()
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Host_AllLogsAndTraces_ContainNeitherTokenNorPhoneNumber()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var (account, refused) = (gateway.AddInstance(), gateway.AddInstance(1101000002));
        account.RespondsToGetWaSettings = true;
        refused.Responder = (_, context) => FakeGateway.SendAsync(context, 401, "");
        account.Responder = async (method, context) => method is "checkWhatsapp" or "getWaSettings" or "lastIncomingCalls" or "lastOutgoingCalls"
            && await FakeGateway.SendAsync(context, 400, $$"""{"statusCode":400,"path":"{{context.Request.Path}}","message":"Validation failed. Details: 70000000101"}""");
        var instances = new[]
        {
            gateway.ToCallInstance(account),
            gateway.ToCallInstance(refused),
            new CallInstance { IdInstance = 1101000003, ApiUrl = new("http://127.0.0.1:1"), ApiTokenInstance = "s3cret-unreachable" },
            new CallInstance { IdInstance = 1101000004, ApiUrl = new("ftp://127.0.0.1"), ApiTokenInstance = "s3cret-unusable" },
        };
        await using var host = await TestHost.StartAsync(gateway.Signal, instances, calls => calls.Services.ConfigureHttpClientDefaults(client => client.AddDefaultLogger()));
        var client = host.Services.GetRequiredService<GreenApiClient>();

        account.Enqueue(NotificationJson.IncomingCall("A1"));
        account.Enqueue("""{"typeWebhook":"incomingCall","from":"70000000101@c.us"}""");
        account.Enqueue(NotificationJson.IncomingCall("A2", from: "155500000000001@lid"));
        await gateway.Signal.WaitUntilAsync(() => account.Count("checkWhatsapp") == 1 && host.LogsOf(3035).Any(log => log.Message.Contains("1101000001")));
        await gateway.Signal.WaitUntilAsync(() => account.QueueLength == 0 && host.LogsOf(3023).Any() && host.LogsOf(3013).Any());
        await client.GetContactInfoAsync(instances[0], ChatId.Parse("70000000101@c.us"));
        await client.GetContactInfoAsync(instances[2], ChatId.Parse("70000000101@c.us"));
        foreach (var instance in new[] { instances[0], instances[2] })
        {
            (await client.CheckWhatsappAsync(instance, ChatId.Parse("70000000101@c.us"))).IsOk.Should().BeFalse();
            (await client.GetWaSettingsAsync(instance)).IsOk.Should().BeFalse();
            (await client.GetLastIncomingCallsAsync(instance)).IsOk.Should().BeFalse();
            (await client.GetLastOutgoingCallsAsync(instance)).IsOk.Should().BeFalse();
        }

        await client.EnsureCallNotificationsAsync(instances[0], new() { WebhookUrl = "https://calls.example.test/s3cret", WebhookUrlToken = "s3cret" });
        await host.Doctor.ExamineAllAsync(
            instances, new() { WebhookUrl = new(gateway.ApiUrl, "/s3cret-path?token=s3cret"), WebhookToken = "s3cret-webhook", ConsumerWatchDuration = null });
        await host.StopAsync();

        var logged = host.Logs.SelectMany(log => new[] { log.Message, log.Exception?.ToString(), log.Category }
            .Concat(log.StructuredState?.Select(pair => pair.Value) ?? []).Concat(log.Scopes.Select(scope => scope?.ToString())));
        var traced = _activities.SelectMany(activity => new[] { activity.DisplayName, activity.StatusDescription }
            .Concat(activity.TagObjects.Select(tag => tag.Value?.ToString()))
            .Concat(activity.Events.SelectMany(e => e.Tags.Select(tag => tag.Value?.ToString()))));
        logged.Concat(traced).Should().NotContain(text => text != null && (text.Contains("s3cret") || text.Contains("70000000101") || text.Contains("waInstance")));
    }

    [Fact]
    public async Task Requests_Traced_HaveMethodAndInstanceOnly()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var account = gateway.AddInstance();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddIncomingCalls().AddGreenApi(_ => { });
        await using var provider = services.BuildServiceProvider();
        string? traceparent = null;
        account.Responder = (_, context) =>
        {
            traceparent = context.Request.Headers.TraceParent;
            return FakeGateway.SendAsync(context, 200, "null");
        };

        await provider.GetRequiredService<GreenApiClient>().ReceiveNotificationAsync(gateway.ToCallInstance(account));
        await provider.GetRequiredService<GreenApiClient>().DeleteNotificationAsync(gateway.ToCallInstance(account), 1);

        traceparent.Should().BeNull();
        _activities.Should().NotContain(activity => activity.Source.Name == "System.Net.Http");
        var ours = _activities.Where(activity => activity.OperationName.StartsWith("green_api.", StringComparison.Ordinal)).ToArray();
        ours.Select(activity => (activity.OperationName, activity.Recorded)).Should().Equal(
            ("green_api.receiveNotification", false), ("green_api.deleteNotification", true));
        ours[1].Source.Name.Should().Be(IncomingCallsTelemetry.ActivitySourceName);
        ours[1].TagObjects.Should().BeEquivalentTo(new Dictionary<string, object?>
        {
            ["green_api.method"] = "deleteNotification",
            ["green_api.instance"] = NotificationJson.IdInstance,
            ["green_api.status"] = "Ok",
        });
    }
}
