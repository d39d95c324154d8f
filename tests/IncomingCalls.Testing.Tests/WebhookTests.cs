using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Testing.Tests;

public class WebhookTests
{
    [Fact]
    public async Task Push_InOrder_PostsTheBareBodyWithTheTokenAsItIs()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var instance = simulator.AddInstance();
        instance.SetWebhook(receiver.Url, "Bearer demo-secret");

        instance.PlaceCall().Ring().Answer();
        await simulator.WaitUntilHandledAsync();

        receiver.Requests.Select(request => NotificationReader.Read(System.Text.Encoding.UTF8.GetBytes(request.Body)).Call!.RawStatus).Should().Equal("offer", "pickUp");
        receiver.Requests.Should().OnlyContain(request => request.Authorization == "Bearer demo-secret" && request.ContentType == "application/json; charset=utf-8");
        instance.History.Should().OnlyContain(sent => sent.AcknowledgedAt != null && sent.Deliveries.Single().StatusCode == 200);
    }

    [Fact]
    public async Task Push_AnswerOtherThan200_IsRepeatedAfterAMinuteAndHoldsBackTheRest()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await GreenApiSimulator.StartAsync(options => (options.TimeProvider, options.AnswerTimeout) = (clock, TimeSpan.FromDays(1)));
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = count => Task.FromResult(count == 1 ? 202 : 200);
        var instance = simulator.AddInstance();
        instance.SetWebhook(receiver.Url);

        instance.PlaceCall().Ring().Answer();
        var handled = simulator.WaitUntilHandledAsync();
        while (!handled.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await handled;
        instance.History[0].Deliveries.Select(delivery => delivery.StatusCode).Should().Equal(202, 200);
        (instance.History[0].Deliveries[1].At - instance.History[0].Deliveries[0].At).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(60));
        instance.History[1].Deliveries.Should().ContainSingle();
    }

    [Fact]
    public async Task Push_NoAnswerInTime_IsRepeated()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.TimeProvider = clock);
        await using var receiver = await Receiver.StartAsync();
        var never = new TaskCompletionSource<int>();
        receiver.Answer = count => count == 1 ? never.Task : Task.FromResult(200);
        var instance = simulator.AddInstance();
        instance.SetWebhook(receiver.Url);

        instance.PlaceCall().Ring();
        var handled = simulator.WaitUntilHandledAsync();
        while (!handled.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await handled;
        instance.History[0].Deliveries.Should().HaveCountGreaterThan(1);
        instance.History[0].Deliveries[0].StatusCode.Should().BeNull();
    }

    [Fact]
    public async Task PushThrough_HostInMemory_IsReached()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseTestServer();
        await using var host = builder.Build();
        var posted = new TaskCompletionSource<string>();
        host.Run(context =>
        {
            posted.TrySetResult($"{context.Request.Path} {context.Request.Headers.Authorization}");
            return Task.CompletedTask;
        });
        await host.StartAsync();
        using var client = host.GetTestClient();

        simulator.PushThrough(client, token: "demo-secret");
        instance.PlaceCall().Ring();
        await simulator.WaitUntilHandledAsync();

        (await posted.Task).Should().Be("/webhooks/green-api demo-secret");
    }

    [Fact]
    public async Task SetWebhook_Null_GoesBackToPolling()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);
        instance.SetWebhook(receiver.Url);
        instance.SetWebhook(null);

        instance.PlaceCall().Ring();

        (await api.ReceiveAsync()).Body.GetProperty("status").GetString().Should().Be("offer");
        receiver.Requests.Should().BeEmpty();
    }
}
