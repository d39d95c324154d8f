using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Push;

public sealed class WebhookPushTests : IAsyncLifetime
{
    private readonly FakeWebhookHandler _webhook = new();
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Push_Notification_IsPostedBareAsJson()
    {
        _gateway.Instance.PushThrough(_webhook.Client, "/hook");

        _gateway.Instance.Enqueue("""{"typeWebhook":"somethingNew"}""");
        var request = await _webhook.RespondToNextAsync(HttpStatusCode.OK);

        request.Method.Should().Be(HttpMethod.Post);
        request.Uri.Should().Be(new Uri("http://desk.test/hook"));
        request.ContentType.Should().Be("application/json; charset=utf-8");
        request.Authorization.Should().BeNull();
        request.Body.Should().Be("""{"typeWebhook":"somethingNew"}""");
    }

    [Fact]
    public async Task Push_Answered200_IsAcknowledged()
    {
        _gateway.Instance.PushThrough(_webhook.Client);
        var sent = _gateway.Instance.Enqueue("{}");

        await _webhook.RespondToNextAsync(HttpStatusCode.OK);
        await _gateway.Instance.WaitUntilAcknowledgedAsync();

        sent.AcknowledgedAt.Should().Be(_gateway.Clock.GetUtcNow());
        sent.Deliveries.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Channel = DeliveryChannel.Webhook, StatusCode = 200, At = _gateway.Clock.GetUtcNow() });
    }

    [Theory]
    [InlineData(HttpStatusCode.Accepted)]
    [InlineData(HttpStatusCode.NoContent)]
    [InlineData(HttpStatusCode.Redirect)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Push_OtherStatus_IsRedeliveredAfterAMinuteBeforeTheNext(HttpStatusCode status)
    {
        _gateway.Instance.PushThrough(_webhook.Client);
        var first = _gateway.Instance.Enqueue("1");
        _gateway.Instance.Enqueue("2");

        await _webhook.RespondToNextAsync(status);
        await _gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));
        _webhook.PendingCount.Should().Be(0);
        _gateway.Clock.Advance(TimeSpan.FromSeconds(60));

        (await _webhook.RespondToNextAsync(HttpStatusCode.OK)).Body.Should().Be("1");
        (await _webhook.RespondToNextAsync(HttpStatusCode.OK)).Body.Should().Be("2");
        first.Deliveries.Select(delivery => delivery.StatusCode).Should().Equal((int)status, 200);
    }

    [Fact]
    public async Task Push_NotAnsweredFor180Seconds_IsRedeliveredAfterAMinute()
    {
        _gateway.Instance.PushThrough(_webhook.Client);
        var sent = _gateway.Instance.Enqueue("1");

        await _webhook.NextAsync();
        _gateway.Clock.Advance(TimeSpan.FromSeconds(180));
        await _gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));
        _gateway.Clock.Advance(TimeSpan.FromSeconds(60));
        await _webhook.RespondToNextAsync(HttpStatusCode.OK);
        await _gateway.Instance.WaitUntilAcknowledgedAsync();

        sent.Deliveries.Select(delivery => delivery.StatusCode).Should().Equal(null, 200);
    }

    [Fact]
    public async Task Push_HostThrows_IsRedeliveredAndDisposesCleanly()
    {
        _gateway.Instance.PushThrough(_webhook.Client);
        _gateway.Instance.Enqueue("1");

        // An in-memory host throws its exception to the client, where a real one answers with 500.
        (await _webhook.NextAsync()).Response.SetException(new InvalidOperationException("handler"));
        await _gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));
        _gateway.Clock.Advance(TimeSpan.FromSeconds(60));

        (await _webhook.RespondToNextAsync(HttpStatusCode.OK)).Body.Should().Be("1");
    }

    [Fact]
    public async Task Push_SeveralPending_PostsOneAtATime()
    {
        _gateway.Instance.PushThrough(_webhook.Client);
        _gateway.Instance.Enqueue("1");
        _gateway.Instance.Enqueue("2");

        var first = await _webhook.NextAsync();
        _gateway.Instance.Enqueue("3");
        _webhook.PendingCount.Should().Be(0);
        first.Response.SetResult(new(HttpStatusCode.OK));

        (await _webhook.RespondToNextAsync(HttpStatusCode.OK)).Body.Should().Be("2");
        (await _webhook.RespondToNextAsync(HttpStatusCode.OK)).Body.Should().Be("3");
    }

    [Fact]
    public async Task Push_SeveralInstances_AreIndependent()
    {
        _gateway.Simulator.AddInstance().Enqueue("other");
        _gateway.Instance.Enqueue("one");

        _gateway.Simulator.PushThrough(_webhook.Client);

        string[] bodies = [(await _webhook.NextAsync()).Body, (await _webhook.NextAsync()).Body];
        bodies.Should().BeEquivalentTo("one", "other");
    }

    [Fact]
    public async Task PushThrough_WhileNotificationsWait_NeverPostsElsewhere()
    {
        for (var i = 0; i < 20; i++)
        {
            var instance = _gateway.Simulator.AddInstance();
            var sent = instance.Enqueue("1");
            instance.PushThrough(_webhook.Client, token: "secret");
            (await _webhook.RespondToNextAsync(HttpStatusCode.OK)).Authorization.Should().Be("secret");
            await instance.WaitUntilAcknowledgedAsync();
            sent.Deliveries.Should().HaveCount(1);
        }
    }

    [Fact]
    public async Task WebhookUrl_SetDirectly_IsUsedAtOnce()
    {
        _gateway.Instance.PushThrough(_webhook.Client);
        var address = _gateway.Instance.Settings.WebhookUrl;
        _gateway.Instance.Settings.WebhookUrl = "";
        _gateway.Instance.Enqueue("1");
        _webhook.PendingCount.Should().Be(0);

        _gateway.Instance.Settings.WebhookUrl = address;

        (await _webhook.RespondToNextAsync(HttpStatusCode.OK)).Body.Should().Be("1");
    }

    [Fact]
    public async Task RemoveInstance_WhilePushing_EndsThePushing()
    {
        _gateway.Instance.PushThrough(_webhook.Client);
        _gateway.Instance.Enqueue("1");
        _gateway.Instance.Enqueue("2");
        var first = await _webhook.NextAsync();

        _gateway.Simulator.RemoveInstance(_gateway.Instance.IdInstance).Should().BeTrue();
        first.Response.TrySetResult(new(HttpStatusCode.OK));
        await _gateway.Simulator.WaitUntilAcknowledgedAsync();
        await _gateway.Simulator.DisposeAsync();

        _webhook.PendingCount.Should().Be(0);
    }
}
