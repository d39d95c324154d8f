using System.Text;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about quarantine: unreadable notifications, and notifications whose policy failed.</summary>
internal static class QuarantineCases
{
    private static readonly byte[] MalformedJson = "{ no json"u8.ToArray();
    private static readonly byte[] MissingIdMessage = Encoding.UTF8.GetBytes("""{"typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001},"status":"offer"}""");

    public static InboxConformanceCase[] All { get; } =
    [
        new("Quarantine_UnreadableCall_IsAcknowledged", UnreadableIsAcknowledgedAsync),
        new("Quarantine_Bytes_AreStoredListedAndPurged", BytesAreStoredAsync, isForDurable: true),
        new("Quarantine_ReplayedUnreadable_IsQuarantinedOnce", UnreadableReplayAsync, isForDurable: true),
        new("Quarantine_ReplayedAfterPolicyFix_IsHandled", ReplayAfterFixAsync, isForDurable: true),
    ];

    private static async Task UnreadableIsAcknowledgedAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        var result = await host.Intake.AcceptAsync(MissingIdMessage).ConfigureAwait(false);

        Expect.Equal(result.Outcome, IntakeOutcome.Quarantined, "The outcome");
        Expect.True(result.ShouldAcknowledge, "an unreadable call is acknowledged, because it would block all calls behind it in the queue");
    }

    private static async Task BytesAreStoredAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        var result = await host.Intake.AcceptAsync(MalformedJson).ConfigureAwait(false);
        await host.Intake.AcceptAsync(MissingIdMessage).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        Expect.True(result.ShouldAcknowledge, "a notification that is stored in quarantine is acknowledged");
        var items = await host.Administration.ListQuarantineAsync().ConfigureAwait(false);
        Expect.Equal(string.Join(' ', items.Select(item => item.Reason)), "NotANotification NotUnderstood", "The reasons");
        var bytes = await host.Administration.ReadQuarantinedAsync(items[0].Id).ConfigureAwait(false);
        Expect.True(bytes!.Value.Span.SequenceEqual(MalformedJson), "the stored bytes are the received bytes");
        Expect.Equal(await host.Administration.PurgeQuarantineAsync(items[0].Id).ConfigureAwait(false), 1, "Purged");
        Expect.Equal(await host.Administration.PurgeQuarantineAsync(items[0].Id).ConfigureAwait(false), 0, "Purged again");
        Expect.True(await host.Administration.ReadQuarantinedAsync(items[0].Id).ConfigureAwait(false) is null, "a purged item has no bytes: the result is null and not empty");
        Expect.Equal((await host.Administration.ListQuarantineAsync().ConfigureAwait(false)).Count, 1, "Remaining items");
    }

    private static async Task UnreadableReplayAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.Intake.AcceptAsync(MalformedJson).ConfigureAwait(false);
        var id = (await host.Administration.ListQuarantineAsync().ConfigureAwait(false))[0].Id;

        Expect.Equal(await host.Administration.ReplayQuarantineAsync(id).ConfigureAwait(false), 1, "Replayed");
        await host.Administration.ReplayQuarantineAsync(id).ConfigureAwait(false);
        await Expect.EventuallyAsync(
            async () => (await host.Administration.ListQuarantineAsync().ConfigureAwait(false)).All(item => item.Id != id), "the replayed item leaves the quarantine").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        Expect.Equal((await host.Administration.ListQuarantineAsync().ConfigureAwait(false)).Count, 1, "Items");
    }

    private static async Task ReplayAfterFixAsync(ConformanceHost host)
    {
        var policy = new FaultyPolicy { IsFailing = true };
        await host.StartAsync(calls => calls.UsePolicy(policy).AddHandler<FirstHandler>(FirstHandler.Name)).ConfigureAwait(false);
        var result = await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        Expect.Equal(result.Outcome, IntakeOutcome.Quarantined, "The outcome");

        policy.IsFailing = false;
        await host.Administration.ReplayQuarantineAsync().ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        await Expect.EventuallyAsync(
            async () => (await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).Quarantined == 0, "the quarantine is empty").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed A");
    }

    private sealed class FaultyPolicy : ICallPolicy
    {
        public bool IsFailing { get; set; }

        public CallDecision Decide(CallPolicyContext context) =>
            IsFailing ? throw new InvalidOperationException("The policy fails on purpose.") : CallPolicies.AllStatuses.Decide(context);
    }
}
