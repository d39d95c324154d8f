using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Push;

public sealed class WebhookPushTests : IAsyncLifetime
{
    private readonly Desk _desk = new();
    private Gateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await Gateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Push_Notification_IsPostedBareAsJson()
    {
        _gateway.Instance.PushThrough(_desk.Client, "/hook");

        _gateway.Instance.Enqueue("""{"typeWebhook":"somethingNew"}""");
        var request = await _desk.AnswerAsync(HttpStatusCode.OK);

        request.Verb.Should().Be(HttpMethod.Post);
        request.Address.Should().Be(new Uri("http://desk.test/hook"));
        request.ContentType.Should().Be("application/json; charset=utf-8");
        request.Authorization.Should().BeNull();
        request.Body.Should().Be("""{"typeWebhook":"somethingNew"}""");
    }

    [Fact]
    public async Task Push_Answered200_IsAcknowledged()
    {
        _gateway.Instance.PushThrough(_desk.Client);
        var sent = _gateway.Instance.Enqueue("{}");

        await _desk.AnswerAsync(HttpStatusCode.OK);
        await _gateway.Instance.WaitUntilHandledAsync();

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
    public async Task Push_AnsweredOtherwise_ComesAgainAfterAMinuteBeforeTheNext(HttpStatusCode status)
    {
        _gateway.Instance.PushThrough(_desk.Client);
        var first = _gateway.Instance.Enqueue("1");
        _gateway.Instance.Enqueue("2");

        await _desk.AnswerAsync(status);
        await _gateway.Clock.ArmedAsync(TimeSpan.FromSeconds(60));
        _desk.Waiting.Should().Be(0);
        _gateway.Clock.Advance(TimeSpan.FromSeconds(60));

        (await _desk.AnswerAsync(HttpStatusCode.OK)).Body.Should().Be("1");
        (await _desk.AnswerAsync(HttpStatusCode.OK)).Body.Should().Be("2");
        first.Deliveries.Select(delivery => delivery.StatusCode).Should().Equal((int)status, 200);
    }

    [Fact]
    public async Task Push_NotAnsweredFor180Seconds_ComesAgainAfterAMinute()
    {
        _gateway.Instance.PushThrough(_desk.Client);
        var sent = _gateway.Instance.Enqueue("1");

        await _desk.NextAsync();
        _gateway.Clock.Advance(TimeSpan.FromSeconds(180));
        await _gateway.Clock.ArmedAsync(TimeSpan.FromSeconds(60));
        _gateway.Clock.Advance(TimeSpan.FromSeconds(60));
        await _desk.AnswerAsync(HttpStatusCode.OK);
        await _gateway.Instance.WaitUntilHandledAsync();

        sent.Deliveries.Select(delivery => delivery.StatusCode).Should().Equal(null, 200);
    }

    [Fact]
    public async Task Push_HostThrows_ComesAgainAndDisposesInPeace()
    {
        _gateway.Instance.PushThrough(_desk.Client);
        _gateway.Instance.Enqueue("1");

        // A host in memory throws into its client what a real one would answer with 500.
        (await _desk.NextAsync()).Answer.SetException(new InvalidOperationException("handler"));
        await _gateway.Clock.ArmedAsync(TimeSpan.FromSeconds(60));
        _gateway.Clock.Advance(TimeSpan.FromSeconds(60));

        (await _desk.AnswerAsync(HttpStatusCode.OK)).Body.Should().Be("1");
    }

    [Fact]
    public async Task Push_SeveralWait_OneRequestAtATime()
    {
        _gateway.Instance.PushThrough(_desk.Client);
        _gateway.Instance.Enqueue("1");
        _gateway.Instance.Enqueue("2");

        var first = await _desk.NextAsync();
        _gateway.Instance.Enqueue("3");
        _desk.Waiting.Should().Be(0);
        first.Answer.SetResult(new(HttpStatusCode.OK));

        (await _desk.AnswerAsync(HttpStatusCode.OK)).Body.Should().Be("2");
        (await _desk.AnswerAsync(HttpStatusCode.OK)).Body.Should().Be("3");
    }

    [Fact]
    public async Task Push_SeveralInstances_DoNotWaitForEachOther()
    {
        _gateway.Simulator.AddInstance().Enqueue("other");
        _gateway.Instance.Enqueue("one");

        _gateway.Simulator.PushThrough(_desk.Client);

        string[] bodies = [(await _desk.NextAsync()).Body, (await _desk.NextAsync()).Body];
        bodies.Should().BeEquivalentTo("one", "other");
    }

    [Fact]
    public async Task PushThrough_WhileNotificationsWait_NeverPostsElsewhere()
    {
        for (var i = 0; i < 20; i++)
        {
            var instance = _gateway.Simulator.AddInstance();
            var sent = instance.Enqueue("1");
            instance.PushThrough(_desk.Client, token: "secret");
            (await _desk.AnswerAsync(HttpStatusCode.OK)).Authorization.Should().Be("secret");
            await instance.WaitUntilHandledAsync();
            sent.Deliveries.Should().HaveCount(1);
        }
    }

    [Fact]
    public async Task WebhookUrl_SetDirectly_CountsAtOnce()
    {
        _gateway.Instance.PushThrough(_desk.Client);
        var address = _gateway.Instance.Settings.WebhookUrl;
        _gateway.Instance.Settings.WebhookUrl = "";
        _gateway.Instance.Enqueue("1");
        _desk.Waiting.Should().Be(0);

        _gateway.Instance.Settings.WebhookUrl = address;

        (await _desk.AnswerAsync(HttpStatusCode.OK)).Body.Should().Be("1");
    }

    [Fact]
    public async Task RemoveInstance_WhilePushing_EndsThePushing()
    {
        _gateway.Instance.PushThrough(_desk.Client);
        _gateway.Instance.Enqueue("1");
        _gateway.Instance.Enqueue("2");
        var first = await _desk.NextAsync();

        _gateway.Simulator.RemoveInstance(_gateway.Instance.IdInstance).Should().BeTrue();
        first.Answer.TrySetResult(new(HttpStatusCode.OK));
        await _gateway.Simulator.WaitUntilHandledAsync();
        await _gateway.Simulator.DisposeAsync();

        _desk.Waiting.Should().Be(0);
    }
}
