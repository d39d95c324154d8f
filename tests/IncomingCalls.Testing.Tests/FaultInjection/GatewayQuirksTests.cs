using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.FaultInjection;

public sealed class GatewayQuirksTests
{
    [Fact]
    public async Task EmptyPolls_QueueWithAHead_HidesItEveryOtherTime()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.GatewayQuirks = GatewayQuirks.EmptyPolls;
        gateway.Instance.Enqueue("1");

        List<string> answers = [];
        for (var i = 0; i < 4; i++)
        {
            answers.Add(await (await gateway.ReceiveAsync()).Content.ReadAsStringAsync());
        }

        answers.Should().Equal("null", """{"receiptId":1,"body":1}""", "null", """{"receiptId":1,"body":1}""");
        gateway.Instance.History.Single().Deliveries.Should().HaveCount(2);
    }

    [Fact]
    public async Task Slow_Answer_IsDelayed()
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.SlowBy = TimeSpan.FromSeconds(9));
        gateway.Instance.GatewayQuirks = GatewayQuirks.Slow;

        var answer = gateway.GetContactInfoAsync("70000000101@c.us");
        await gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(9));
        answer.IsCompleted.Should().BeFalse();
        gateway.Clock.Advance(TimeSpan.FromSeconds(9));

        (await answer).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Slow_Post_IsDelayed()
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.SlowBy = TimeSpan.FromSeconds(9));
        using var desk = new FakeWebhookHandler();
        gateway.Instance.GatewayQuirks = GatewayQuirks.Slow;
        gateway.Instance.PushThrough(desk.Client);

        gateway.Instance.Enqueue("1");
        await gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(9));
        desk.PendingCount.Should().Be(0);
        gateway.Clock.Advance(TimeSpan.FromSeconds(9));

        (await desk.RespondToNextAsync(HttpStatusCode.OK)).Body.Should().Be("1");
        await gateway.Instance.WaitUntilAcknowledgedAsync();
    }

    [Fact]
    public async Task Errors_Deletions_FailEveryThirdTimeInTurn()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.GatewayQuirks = GatewayQuirks.Errors;

        List<int> codes = [];
        for (var i = 0; i < 12; i++)
        {
            codes.Add(await CodeAsync(() => gateway.DeleteAsync(1)));
        }

        codes.Should().Equal(200, 200, 502, 200, 200, 429, 200, 200, 0, 200, 200, 500);
    }

    [Fact]
    public async Task Errors_BrokenConnection_ExecutesTheRequest()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.GatewayQuirks = GatewayQuirks.Errors;
        for (var i = 0; i < 8; i++)
        {
            await CodeAsync(() => gateway.DeleteAsync(1));
        }

        gateway.Instance.Enqueue("1");
        await gateway.ReceiveHeadAsync();
        (await CodeAsync(() => gateway.DeleteAsync(1))).Should().Be(0);

        gateway.Instance.WaitingCount.Should().Be(0);
    }

    [Fact]
    public async Task Errors_ThirdAnswerOfTheWebhook_IsLost()
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.ResendAfter = TimeSpan.FromSeconds(60));
        using var desk = new FakeWebhookHandler();
        gateway.Instance.GatewayQuirks = GatewayQuirks.Errors;
        gateway.Instance.PushThrough(desk.Client);

        foreach (var body in new[] { "1", "2", "3" })
        {
            gateway.Instance.Enqueue(body);
            await desk.RespondToNextAsync(HttpStatusCode.OK);
        }

        await gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));
        gateway.Clock.Advance(TimeSpan.FromSeconds(60));

        (await desk.RespondToNextAsync(HttpStatusCode.OK)).Body.Should().Be("3");
        await gateway.Instance.WaitUntilAcknowledgedAsync();
        gateway.Instance.History[2].Deliveries.Select(delivery => delivery.StatusCode).Should().Equal(null, 200);
    }

    [Fact]
    public async Task FailNext_WithQuirk_TakesPrecedence()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.GatewayQuirks = GatewayQuirks.Errors;
        gateway.Simulator.FailNext("deleteNotification", 503);

        (await CodeAsync(() => gateway.DeleteAsync(1))).Should().Be(503);
    }

    /// <summary>Gets the status of the answer; 0 for a connection that was closed.</summary>
    private static async Task<int> CodeAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            using var response = await send();
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
