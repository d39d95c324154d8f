using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Intake;

/// <summary>Calls whose <c>from</c> is the linked id of the instance, which only the API knows.</summary>
public class OwnIdTests
{
    private const string OwnLid = "100000000000009@lid";

    [Fact]
    public async Task AcceptAsync_FromOwnLinkedId_IsTreatedAsACallOfTheOwnNumber()
    {
        await using var host = await StartAsync(OwnLid);

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", from: OwnLid));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", "B", OwnLid));
        await host.WaitUntilIdleAsync();

        host.Recorder.Events.Should().HaveCount(2).And.OnlyContain(static callEvent => callEvent.Caller == Caller.Anonymous && callEvent.Call.Anomalies == CallAnomalies.FromSelf);
        host.Recorder.Lines.Should().NotContain(static line => line.StartsWith("raise"));
        host.Logs.GetSnapshot().Should().ContainSingle(static log => log.Id.Id == 1051);
    }

    [Fact]
    public async Task AcceptAsync_OwnLinkedIdNotKnownYet_IsACall()
    {
        await using var host = await StartAsync("100000000000008@lid");

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", from: OwnLid));
        await host.WaitUntilIdleAsync();

        host.Recorder.Events.Should().ContainSingle().Which.Call.Anomalies.Should().Be(CallAnomalies.None);
        host.Recorder.Lines.Should().ContainSingle(static line => line.StartsWith("raise"));
    }

    /// <summary>An outcome names the party that has ended the call. It says nothing about the caller.</summary>
    [Fact]
    public async Task AcceptAsync_OutcomeFromOwnLinkedId_ClientIsTheCaller()
    {
        await using var host = await StartAsync(OwnLid);

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", from: "100000000000001@lid"));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", from: OwnLid));
        await host.WaitUntilIdleAsync();

        host.Recorder.Events[^1].Caller.ChatId!.Value.Value.Should().Be("100000000000001@lid");
        host.Recorder.Events[^1].Call.Anomalies.Should().Be(CallAnomalies.OtherFrom);
    }

    [Fact]
    public async Task AcceptAsync_OutgoingCallToOwnLinkedId_IsNotMarked()
    {
        await using var host = await StartAsync(OwnLid);

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp", from: OwnLid) with { Direction = CallDirection.Outgoing });
        await host.WaitUntilIdleAsync();

        host.Logs.GetSnapshot().Should().NotContain(static log => log.Id.Id == 1051);
    }

    private static Task<TestHost> StartAsync(string ownId) => TestHost.StartAsync(builder =>
    {
        builder.Services.AddSingleton<IOwnIdentities>(new KnownIdentity(ChatId.Parse(ownId)));
        builder.AddHandler<RecordingHandler>().AddOperatorNotifier<RecordingNotifier>();
    });

    private sealed class KnownIdentity(ChatId own) : IOwnIdentities
    {
        public bool IsOwn(long idInstance, ChatId chatId) => idInstance == 1101000001 && chatId == own;
    }
}
