using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>The wait for the caller's name with the in-memory inbox, during which the gateway's queue waits too.</summary>
public class InMemoryCallerNameTests
{
    [Fact]
    public async Task Record_NameFound_IsWrittenAtOnce()
    {
        var names = new ControlledNames();
        await using var host = await StartAsync(names);
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        var sending = gateway.SendAsync();
        await names.WaitForQueriesAsync(1);
        await host.WaitUntilIdleAsync();
        sending.IsCompleted.Should().BeFalse();
        names.Answer("70000000101@c.us", "Ivan");

        (await sending).Should().Be("Stored");
        host.Recorder.Lines.Should().Equal("record Missed call 70000000101@c.us Ivan");
        host.Clock.GetUtcNow().Should().Be(TestHost.Now);
    }

    [Fact]
    public async Task Record_NameNotFound_WaitsTwoSecondsAndNoLonger()
    {
        await using var host = await StartAsync(new ControlledNames());
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        var sending = gateway.SendAsync();
        await host.AdvanceAsync(TimeSpan.FromSeconds(1.9));
        sending.IsCompleted.Should().BeFalse();
        await host.AdvanceAsync(TimeSpan.FromSeconds(0.1));

        (await sending).Should().Be("Stored");
        host.Recorder.Lines.Should().Equal("record Missed call 70000000101@c.us +70000000101");
    }

    [Fact]
    public async Task Record_CallerNameWaitShorterThanTwoSeconds_WaitsAsLong()
    {
        await using var host = await StartAsync(new ControlledNames(), options => options.CallerNameWait = TimeSpan.FromSeconds(1));
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        var sending = gateway.SendAsync();
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));

        (await sending).Should().Be("Stored");
    }

    [Theory]
    [InlineData(2.4, false)]
    [InlineData(2.5, true)]
    [InlineData(60, true)]
    public async Task Record_LateNotification_DoesNotWaitFromTwoAndAHalfSeconds(double secondsAgo, bool isHandledAtOnce)
    {
        await using var host = await StartAsync(new ControlledNames());
        // The gateway's timestamps are whole seconds.
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined", secondsAgo: Math.Floor(secondsAgo)));
        await host.AdvanceAsync(TimeSpan.FromSeconds(secondsAgo % 1));

        var sending = gateway.SendAsync();
        await host.WaitUntilIdleAsync();

        host.Recorder.Lines.Should().HaveCount(isHandledAtOnce ? 1 : 0);
        await host.AdvanceAsync(TimeSpan.FromSeconds(2));
        (await sending).Should().Be("Stored");
    }

    [Fact]
    public async Task Record_SecondEventOfACall_WaitsForTheRestOfTheTwoSeconds()
    {
        await using var host = await StartAsync(new ControlledNames());
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("offer"));
        var offer = gateway.SendAsync();
        await host.AdvanceAsync(TimeSpan.FromSeconds(2));
        (await offer).Should().Be("Stored");

        (await gateway.Enqueue(TestNotifications.CreateCall("hungUp", secondsAgo: -2)).SendAsync()).Should().Be("Stored");

        host.Clock.GetUtcNow().Should().Be(TestHost.Now.AddSeconds(2), "the two seconds of the call are over");
    }

    [Fact]
    public async Task Alert_NamesNotFoundForManyCallers_IsRaisedInTime()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(new ControlledNames());
            builder.AddCallerNames<ControlledNames>().AddChatRecorder<RecordingChatRecorder>().AddOperatorNotifier<RecordingNotifier>();
        });
        var gateway = new TestGateway(host).Enqueue(Enumerable.Range(1, 9).Select(caller => TestNotifications.CreateCall("offer", id: $"{caller}", from: $"7000000010{caller}@c.us")));

        // First in, first out: the next offer is delivered after the one before is acknowledged.
        while (!gateway.IsEmpty)
        {
            var call = gateway.Answers.Count + 1;
            var sending = gateway.SendAsync();
            await host.WaitUntilIdleAsync();
            host.Recorder.Lines.Should().Contain(line => line.StartsWith($"raise 1101000001/{call}/", StringComparison.Ordinal));
            if (host.Recorder.Lines.Count(line => line.StartsWith("record", StringComparison.Ordinal)) < call)
            {
                await host.AdvanceAsync(TimeSpan.FromSeconds(2));
            }

            await sending;
        }

        (host.Clock.GetUtcNow() - TestHost.Now).Should().Be(TimeSpan.FromSeconds(4), "the third notification is late, so its record waits no longer");
        host.Recorder.Lines.Where(line => line.StartsWith("record", StringComparison.Ordinal)).Should().HaveCount(9);
    }

    [Fact]
    public async Task Record_FailureAfterTheWait_IsRetriedWithoutAnotherWait()
    {
        var names = new ControlledNames();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(names);
            builder.AddCallerNames<ControlledNames>().AddHandler<RecordingHandler>(options => options.WaitForCallerName = true);
        });
        List<double> attempts = [];
        host.Recorder.OnEvent = (_, _) =>
        {
            attempts.Add((host.Clock.GetUtcNow() - TestHost.Now).TotalSeconds);
            return attempts.Count == 1 ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        };
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        var sending = gateway.SendAsync();
        await host.AdvanceAsync(TimeSpan.FromSeconds(2));
        await host.AdvanceAsync(TimeSpan.FromSeconds(0.2));

        (await sending).Should().Be("Stored");
        attempts.Should().Equal(2, 2.2);
    }

    private static Task<TestHost> StartAsync(ControlledNames names, Action<IncomingCallsOptions>? options = null) => TestHost.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton(names);
            builder.AddCallerNames<ControlledNames>().AddChatRecorder<RecordingChatRecorder>();
        },
        options);
}
